//! The image service.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use k8s_cri::v1::image_service_server::ImageService;
use k8s_cri::v1::{
    AuthConfig, FilesystemIdentifier, FilesystemUsage, Image, ImageFsInfoRequest, ImageFsInfoResponse,
    ImageSpec, ImageStatusRequest, ImageStatusResponse, Int64Value, ListImagesRequest, ListImagesResponse,
    PullImageRequest, PullImageResponse, RemoveImageRequest, RemoveImageResponse, UInt64Value,
};
use serde_json::json;
use tonic::{Request, Response, Status};

use crate::error::RuntimeError;
use crate::images::{Credentials, Image as Known};
use crate::runtime::{Runtime, blocking};

/// Answers for images.
pub(crate) struct Service {
    runtime: Runtime,
}

impl Service {
    pub(crate) fn new(runtime: Runtime) -> Self {
        Self { runtime }
    }
}

fn reference(spec: Option<ImageSpec>) -> Result<String, Status> {
    spec.map(|spec| spec.image)
        .filter(|image| !image.is_empty())
        .ok_or_else(|| Status::invalid_argument("image is not given"))
}

fn view(image: &Known) -> Image {
    let user = image.config.config().as_ref().and_then(|config| config.user().clone()).unwrap_or_default();
    let user = user.split(':').next().unwrap_or_default();
    // What is no plain number is a name, and whoever demands a user other than the super-user refuses it.
    let digits = !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_digit());
    let number = user.parse::<i64>().ok().filter(|uid| digits && *uid < i64::from(u32::MAX));
    Image {
        id: image.id.clone(),
        repo_tags: image.tags.clone(),
        repo_digests: image.digests.clone(),
        size: image.size,
        uid: number.map(|value| Int64Value { value }),
        username: if number.is_some() { String::new() } else { user.to_owned() },
        spec: Some(ImageSpec { image: image.id.clone(), ..ImageSpec::default() }),
        pinned: image.pinned,
    }
}

/// The user and password of CRI's several ways to give them.
fn credentials(auth: Option<AuthConfig>) -> Result<Credentials, Status> {
    let Some(auth) = auth else { return Ok(Credentials::default()) };
    if !auth.username.is_empty() || auth.auth.is_empty() {
        return Ok(Credentials { username: auth.username, password: auth.password });
    }
    let malformed = || Status::invalid_argument("credentials are malformed");
    let bytes = STANDARD.decode(auth.auth.trim_end_matches('\0')).map_err(|_| malformed())?;
    let text = String::from_utf8(bytes).map_err(|_| malformed())?;
    let (username, password) = text.split_once(':').ok_or_else(malformed)?;
    Ok(Credentials { username: username.to_owned(), password: password.trim_end_matches('\0').to_owned() })
}

#[tonic::async_trait]
impl ImageService for Service {
    async fn list_images(
        &self,
        request: Request<ListImagesRequest>,
    ) -> Result<Response<ListImagesResponse>, Status> {
        let wanted = request.into_inner().filter.and_then(|filter| filter.image).map(|spec| spec.image);
        let images = match wanted.filter(|image| !image.is_empty()) {
            Some(image) => self.runtime.images.find(&image).into_iter().collect(),
            None => self.runtime.images.list(),
        };
        Ok(Response::new(ListImagesResponse { images: images.iter().map(view).collect() }))
    }

    async fn image_status(
        &self,
        request: Request<ImageStatusRequest>,
    ) -> Result<Response<ImageStatusResponse>, Status> {
        let request = request.into_inner();
        let found = self.runtime.images.find(&reference(request.image)?);
        let info = match &found {
            Some(image) if request.verbose => {
                let config = serde_json::to_value(&image.config).unwrap_or_default();
                HashMap::from([("info".to_owned(), json!({"imageSpec": config}).to_string())])
            }
            _ => HashMap::new(),
        };
        Ok(Response::new(ImageStatusResponse { image: found.as_ref().map(view), info }))
    }

    async fn pull_image(
        &self,
        request: Request<PullImageRequest>,
    ) -> Result<Response<PullImageResponse>, Status> {
        let request = request.into_inner();
        let reference = reference(request.image)?;
        let credentials = credentials(request.auth)?;
        let image_ref =
            self.runtime.images.pull(&reference, &credentials).await.map_err(RuntimeError::from)?;
        Ok(Response::new(PullImageResponse { image_ref }))
    }

    async fn remove_image(
        &self,
        request: Request<RemoveImageRequest>,
    ) -> Result<Response<RemoveImageResponse>, Status> {
        let reference = reference(request.into_inner().image)?;
        let images = self.runtime.images.clone();
        blocking(move || Ok(images.remove(&reference)?)).await?;
        Ok(Response::new(RemoveImageResponse {}))
    }

    async fn image_fs_info(
        &self,
        _request: Request<ImageFsInfoRequest>,
    ) -> Result<Response<ImageFsInfoResponse>, Status> {
        let images = self.runtime.images.clone();
        let (folder, bytes, inodes) = blocking(move || Ok(images.usage())).await?;
        let usage = FilesystemUsage {
            timestamp: self.runtime.now(),
            fs_id: Some(FilesystemIdentifier { mountpoint: folder.to_string_lossy().into_owned() }),
            used_bytes: Some(UInt64Value { value: bytes }),
            inodes_used: Some(UInt64Value { value: inodes }),
        };
        Ok(Response::new(ImageFsInfoResponse {
            image_filesystems: vec![usage.clone()],
            container_filesystems: vec![usage],
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_their_forms() {
        let check = |auth: AuthConfig, expect: Option<(&str, &str)>| {
            let found = credentials(Some(auth)).ok().map(|one| (one.username, one.password));
            assert_eq!(found, expect.map(|(user, password)| (user.to_owned(), password.to_owned())));
        };
        check(AuthConfig::default(), Some(("", "")));
        check(
            AuthConfig { username: "u".into(), password: "p".into(), ..Default::default() },
            Some(("u", "p")),
        );
        check(AuthConfig { auth: "dTpwOnE=".into(), ..Default::default() }, Some(("u", "p:q")));
        check(AuthConfig { auth: "dQ==".into(), ..Default::default() }, None);
        check(AuthConfig { auth: "?".into(), ..Default::default() }, None);
    }
}
