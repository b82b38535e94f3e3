//! Tokens in Secrets.

use k8s_openapi::api::core::v1::{Secret, ServiceAccount};
use serde_json::{Value, json};

use crate::support::World;

fn secret(account: &str) -> Value {
    json!({
        "metadata": {
            "name": "held", "namespace": "default",
            "annotations": {"kubernetes.io/service-account.name": account},
        },
        "type": "kubernetes.io/service-account-token",
    })
}

#[tokio::test(start_paused = true)]
async fn a_secret_gets_its_token_and_goes_with_the_account() {
    let world = World::new(&[]).await;
    world.create::<ServiceAccount>(json!({"metadata": {"name": "robot", "namespace": "default"}})).await;
    world.create::<Secret>(secret("robot")).await;
    let held = || world.get::<Secret>("default", "held");
    let filled = || async {
        let data = held().await.and_then(|secret| secret.data).unwrap_or_default();
        ["token", "ca.crt", "namespace"].iter().all(|key| data.contains_key(*key))
    };
    world.until("the token", filled).await;
    world.delete::<ServiceAccount>("default", "robot", "Background").await;
    world.until("the secret's end", || async { held().await.is_none() }).await;
}

#[tokio::test(start_paused = true)]
async fn a_secret_without_an_account_goes() {
    let world = World::new(&[]).await;
    world.create::<Secret>(secret("nobody")).await;
    world.until("its end", || async { world.get::<Secret>("default", "held").await.is_none() }).await;
}
