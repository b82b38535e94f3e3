//! A client of the server itself, for plugins that write: given once the server can serve.

use std::sync::{Arc, OnceLock};

use mizzen_client::Client;

use crate::status::ApiError;

/// The server's own client, empty until [`Loopback::set`]. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Loopback(Arc<OnceLock<Client>>);

impl Loopback {
    /// Gives the client; only the first one counts.
    pub fn set(&self, client: Client) {
        self.0.get_or_init(|| client);
    }

    /// The client.
    ///
    /// # Errors
    /// 503 while the server starts.
    pub(crate) fn get(&self) -> Result<&Client, ApiError> {
        self.0.get().ok_or_else(|| ApiError::unavailable("the API server is starting"))
    }

    /// The client, if it is there.
    pub(crate) fn try_get(&self) -> Option<&Client> {
        self.0.get()
    }
}

/// A failure of a call to ourselves, as a failure of the request that needed it.
pub(crate) fn failed(error: &mizzen_client::Error) -> ApiError {
    match error {
        mizzen_client::Error::Api(status) if status.code == 429 => {
            ApiError::too_many_requests(status.message.clone(), 1)
        }
        other => ApiError::internal(other),
    }
}
