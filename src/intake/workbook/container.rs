//! The OLE container of an XLS file: takes the workbook stream out, and puts one into a fresh container. The container
//! reader used here refuses cyclic chains and sizes that the file does not hold; calamine's would follow them.

use super::super::bounds::Bound;
use super::super::bounds::MAX_XLS_STREAM;
use super::super::error::Unreadable;
use super::super::table::Stop;
use super::damaged;
use cfb::CompoundFile;
use cfb::Version;
use std::io::Cursor;
use std::io::Read;
use std::io::Write;

/// The stream in which Office keeps an encrypted workbook.
const ENCRYPTED: &str = "/EncryptedPackage";

/// The stream of BIFF8, and that of BIFF5.
const STREAMS: [&str; 2] = ["/Workbook", "/Book"];

/// The workbook stream.
pub(super) fn stream(bytes: &[u8]) -> Result<Vec<u8>, Stop> {
    let mut container = CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if container.is_stream(ENCRYPTED) {
        return Err(Stop::Unreadable(Unreadable::Password));
    }
    let Some(path) = STREAMS.into_iter().find(|path| container.is_stream(path)) else {
        return Err(damaged("no workbook stream"));
    };
    let mut found = container.open_stream(path).map_err(damaged)?;
    if found.len() > MAX_XLS_STREAM {
        return Err(Stop::beyond(None, Bound::XlsStream));
    }
    let mut content = Vec::new();
    found.read_to_end(&mut content).map_err(damaged)?;
    Ok(content)
}

/// A container that holds this stream only.
pub(super) fn wrap(content: &[u8]) -> Result<Vec<u8>, Stop> {
    let room = content.len() + content.len() / 64 + 8192;
    let mut container = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::with_capacity(room))).map_err(damaged)?;
    let mut stream = container.create_stream(STREAMS[0]).map_err(damaged)?;
    stream.write_all(content).map_err(damaged)?;
    stream.flush().map_err(damaged)?;
    drop(stream);
    container.flush().map_err(damaged)?;
    Ok(container.into_inner().into_inner())
}
