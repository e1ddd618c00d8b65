//! The client: requests that are made beforehand, and connections that are kept open.
//!
//! It shares the processors with what it measures, so that it does little: a request is put together before the clock runs, one
//! thread drives all connections, and of an answer the status is looked at, and a word where one status says everything.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// A request, and the status that answers it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: Method,
    path: String,
    /// The whole header; none of who is not signed in.
    authorization: Option<Arc<str>>,
    key: Option<String>,
    body: Bytes,
    /// The kind of the body.
    kind: String,
    wanted: u16,
    /// What the answer says.
    said: &'static str,
}

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Token(Arc<str>);

impl Token {
    /// Of an access token.
    pub(crate) fn new(access: &str) -> Self {
        Self::whole(&format!("Bearer {access}"))
    }

    /// Of the whole header.
    pub(crate) fn whole(header: &str) -> Self {
        Self(header.into())
    }
}

impl Ask {
    /// A read of anybody.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            authorization: None,
            key: None,
            body: Bytes::new(),
            kind: "application/json".to_owned(),
            wanted: 200,
            said: "",
        }
    }

    /// A write of anybody, answered by this status.
    pub(crate) fn post(path: impl Into<String>, body: &Value, wanted: u16) -> Self {
        Self {
            method: Method::POST,
            body: body.to_string().into(),
            wanted,
            ..Self::get(path)
        }
    }

    /// A form of texts, encoded as an address is.
    pub(crate) fn post_form(path: impl Into<String>, body: String) -> Self {
        Self {
            method: Method::POST,
            body: body.into(),
            kind: "application/x-www-form-urlencoded".to_owned(),
            ..Self::get(path)
        }
    }

    /// A form whose parts lie between these boundaries.
    pub(crate) fn put_form(path: impl Into<String>, boundary: &str, body: Vec<u8>) -> Self {
        Self {
            method: Method::PUT,
            body: body.into(),
            kind: format!("multipart/form-data; boundary={boundary}"),
            ..Self::get(path)
        }
    }

    /// The same by somebody.
    pub(crate) fn by(mut self, token: &Token) -> Self {
        self.authorization = Some(Arc::clone(&token.0));
        self
    }

    /// The same, whose answer must hold this text: for who says all with one status.
    pub(crate) fn saying(mut self, said: &'static str) -> Self {
        self.said = said;
        self
    }

    /// The same with an idempotency key of its own, as a client sends it who may have to repeat himself.
    pub(crate) fn once(mut self) -> Self {
        self.key = Some(uuid::Uuid::new_v4().to_string());
        self
    }

    /// The same list in pages of one row; `None` of what is no list in pages of 20.
    pub(crate) fn in_pages_of_one(&self) -> Option<Self> {
        let path = self.path.replace("page_size=20", "page_size=1");
        (path != self.path).then(|| Self { path, ..self.clone() })
    }

    fn request(&self) -> anyhow::Result<Request<Full<Bytes>>> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(&self.path)
            .header(HOST, "localhost");
        if let Some(authorization) = &self.authorization {
            request = request.header(AUTHORIZATION, authorization.as_ref());
        }
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        if !self.body.is_empty() {
            request = request.header(CONTENT_TYPE, &self.kind);
        }
        Ok(request.body(Full::new(self.body.clone()))?)
    }
}

/// A connection that stays open.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects.
    pub(crate) async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.context("the server is gone")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        // How it ends, the next request learns.
        tokio::spawn(connection);
        Ok(Self { sender })
    }

    /// Asks, and reads the answer to its end.
    ///
    /// # Errors
    /// A broken connection, or another answer than the wanted one.
    pub(crate) async fn ask(&mut self, ask: &Ask) -> anyhow::Result<Bytes> {
        self.sender.ready().await?;
        let answer = self.sender.send_request(ask.request()?).await?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await?.to_bytes();
        if status != ask.wanted || !says(&body, ask.said) {
            let text: String = String::from_utf8_lossy(&body).chars().take(300).collect();
            bail!("{} {}: {status} {text}", ask.method, ask.path);
        }
        Ok(body)
    }

    /// Asks, and reads the answer as JSON.
    pub(crate) async fn json(&mut self, ask: &Ask) -> anyhow::Result<Value> {
        Ok(serde_json::from_slice(&self.ask(ask).await?)?)
    }
}

fn says(body: &[u8], text: &str) -> bool {
    text.is_empty() || body.windows(text.len()).any(|part| part == text.as_bytes())
}
