//! `--token-auth-file`: lines of token, user, uid and groups.

use async_trait::async_trait;
use mizzen_clock::Map;

use super::ConfigError;
use super::bearer::{TokenAuthenticator, TokenUser};
use crate::attributes::User;
use crate::status::ApiError;

/// Tokens of a file.
pub struct StaticTokens(Map<String, User>);

impl StaticTokens {
    /// Reads the file's contents: comma-separated values, `#` begins a comment line.
    pub fn parse(csv: &str) -> Result<Self, ConfigError> {
        let mut tokens = Map::default();
        for (at, line) in csv.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let record = fields(line).filter(|record| record.len() >= 3 && !record[0].is_empty());
            let record = record.ok_or(ConfigError::TokenFile { line: at + 1 })?;
            let groups = record.get(3).map(String::as_str).unwrap_or_default();
            let groups = groups.split(',').map(str::trim).filter(|group| !group.is_empty());
            let user = User {
                name: record[1].clone(),
                uid: record[2].clone(),
                groups: groups.map(str::to_owned).collect(),
                ..User::default()
            };
            tokens.insert(record[0].clone(), user);
        }
        Ok(Self(tokens))
    }
}

/// The fields of a line; quoted ones may hold commas, and `""` for a quote. `None` when a quote is open at
/// the end.
fn fields(line: &str) -> Option<Vec<String>> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            other => field.push(other),
        }
    }
    fields.push(field.trim().to_owned());
    (!quoted).then_some(fields)
}

#[async_trait]
impl TokenAuthenticator for StaticTokens {
    async fn token(&self, token: &str, audiences: &[String]) -> Result<Option<TokenUser>, ApiError> {
        // Such tokens know no audience: they are for whoever asks.
        Ok(self.0.get(token).map(|user| TokenUser { user: user.clone(), audiences: audiences.to_vec() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn file_of_tokens() {
        let tokens = StaticTokens::parse("# who\n t1, jane , 7 ,\"dev, ops\"\nt2,joe,8\n").unwrap();
        let jane = tokens.token("t1", &["a".to_owned()]).await.unwrap().unwrap();
        assert_eq!((jane.user.name.as_str(), jane.user.uid.as_str()), ("jane", "7"));
        assert_eq!(jane.user.groups, ["dev", "ops"]);
        assert_eq!(tokens.token("t2", &[]).await.unwrap().unwrap().user.groups, [] as [&str; 0]);
        assert_eq!(tokens.token("t3", &[]).await, Ok(None));
        for wrong in ["t1,jane", ",jane,7", "t1,jane,7,\"open"] {
            assert!(StaticTokens::parse(wrong).is_err(), "{wrong}");
        }
    }
}
