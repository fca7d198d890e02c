//! Why something could not be done, in one sentence for the person who asked.

use crate::config::SecretError;
use crate::domain::Period;
use crate::domain::text::Lang;
use crate::ekinerja::SettingsError;
use crate::export::ExportError;
use crate::intake::IntakeError;
use crate::policy::PolicyError;
use crate::simulator::SimulatorError;
use crate::store::StoreError;

/// What went wrong.
#[derive(Debug)]
pub enum AppError {
    /// A policy is refused, or none covers the period.
    Policy(PolicyError),
    /// The store failed.
    Store(StoreError),
    /// A file is refused.
    Intake(Box<IntakeError>),
    /// A secret cannot be had.
    Secret(SecretError),
    /// A BKN client cannot be built.
    Settings(SettingsError),
    /// A document cannot be written.
    Export(ExportError),
    /// The simulator cannot do what was asked.
    Simulator(SimulatorError),
    /// No roster holds for the period.
    NoRoster(Period),
    /// Nobody of that NIP (masked) is known in the period.
    Nobody(Period, String),
    /// That NIP (masked) does not stand in the roster of the period.
    NotInRoster(Period, String),
    /// An export of another agency: file, its code, the policy's `policy.agency_code`.
    OtherAgency(String, String, String),
    /// There is no such batch.
    UnknownBatch(String),
    /// The batch has been superseded by another one.
    Superseded(String, String),
    /// The batch does not come from a file.
    NotAFile(String),
    /// A surface lacks configuration.
    NotConfigured(Vec<&'static str>),
    /// A file that is to be made exists.
    FileExists(String),
    /// Somebody else is at work in this folder.
    FolderBusy(String),
    /// A file of the inbox or a query: what is wrong with it.
    Inbox(String, crate::config::Said),
    /// An account, a password or a token: what is wrong with it.
    Access(crate::config::Said),
    /// A notice did not leave.
    Notify(crate::notify::NotifyError),
    /// The system said no.
    Io(String, std::io::Error),
}

macro_rules! from {
    ($($source:ty => $variant:ident),* $(,)?) => {
        $(impl From<$source> for AppError {
            fn from(error: $source) -> Self {
                Self::$variant(error)
            }
        })*
    };
}

from! {
    PolicyError => Policy,
    StoreError => Store,
    SecretError => Secret,
    SettingsError => Settings,
    ExportError => Export,
    SimulatorError => Simulator,
}

impl From<IntakeError> for AppError {
    fn from(error: IntakeError) -> Self {
        Self::Intake(Box::new(error))
    }
}

impl AppError {
    /// Whether the input, the configuration or a missing secret is to blame (exit 2), not the store or the disk.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Store(error) => matches!(
                error,
                StoreError::Url { .. }
                    | StoreError::Newer { .. }
                    | StoreError::Foreign { .. }
                    | StoreError::NotEmpty { .. }
                    | StoreError::Backup { .. }
            ),
            Self::Export(_) | Self::Io(..) | Self::FolderBusy(_) => false,
            _ => true,
        }
    }

    /// One sentence that names what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Policy(error), _) => error.sentence(lang),
            (Self::Intake(error), _) => error.sentence(lang),
            (Self::Secret(error), _) => error.sentence(lang),
            (Self::Settings(error), _) => error.to_string(),
            (Self::Export(error), _) => error.to_string(),
            (Self::Simulator(error), _) => error.to_string(),
            (Self::Store(error), Lang::Id) => store_in_indonesian(error),
            (Self::Store(error), Lang::En) => error.to_string(),
            (Self::NoRoster(period), Lang::Id) => {
                format!("belum ada daftar pegawai untuk {period}: jalankan selaras import roster FILE --period {period}")
            }
            (Self::NoRoster(period), Lang::En) => {
                format!("there is no roster for {period}: run selaras import roster FILE --period {period}")
            }
            (Self::Nobody(period, nip), Lang::Id) => format!("NIP {nip} tidak dikenal pada {period}: periksa NIP dan periodenya"),
            (Self::Nobody(period, nip), Lang::En) => format!("NIP {nip} is not known in {period}: check the NIP and the period"),
            (Self::NotInRoster(period, nip), Lang::Id) => {
                format!("NIP {nip} tidak ada di daftar pegawai {period}: periksa NIP dan periodenya")
            }
            (Self::NotInRoster(period, nip), Lang::En) => {
                format!("NIP {nip} is not in the roster of {period}: check the NIP and the period")
            }
            (Self::OtherAgency(file, found, wanted), Lang::Id) => {
                format!("{file}: ekspor instansi {found}, bukan {wanted} (policy.agency_code): pilih ekspor instansi ini")
            }
            (Self::OtherAgency(file, found, wanted), Lang::En) => {
                format!("{file}: an export of agency {found}, not of {wanted} (policy.agency_code): take the export of this agency")
            }
            (Self::UnknownBatch(batch), Lang::Id) => {
                format!("batch '{batch}' tidak dikenal: impor sekali lagi berkas itu dengan cara yang sama, keluarannya menyebut batch-nya")
            }
            (Self::UnknownBatch(batch), Lang::En) => {
                format!("there is no batch '{batch}': import the file once more in the same way, what it prints names its batch")
            }
            (Self::Superseded(batch, by), Lang::Id) => {
                format!("batch {batch} sudah digantikan batch {by} dari berkas bernama sama: tarik yang itu")
            }
            (Self::Superseded(batch, by), Lang::En) => {
                format!("batch {batch} has been superseded by batch {by} of the same file name: withdraw that one")
            }
            (Self::NotAFile(batch), Lang::Id) => format!("batch {batch} datang dari BKN, bukan dari berkas: selaras sync memperbaruinya"),
            (Self::NotAFile(batch), Lang::En) => format!("batch {batch} came from BKN, not from a file: selaras sync renews it"),
            (Self::NotConfigured(keys), Lang::Id) => {
                format!(
                    "{} belum diisi: isi di berkas konfigurasi atau lewat variabel SELARAS__…; tanpa token, unduh ekspor dari e-Kinerja lalu selaras import ekinerja BERKAS",
                    keys.join(", ")
                )
            }
            (Self::NotConfigured(keys), Lang::En) => {
                format!(
                    "{} is not set: set it in the configuration file or through SELARAS__… variables; without a token, export from e-Kinerja and selaras import ekinerja FILE",
                    keys.join(", ")
                )
            }
            (Self::FileExists(file), Lang::Id) => format!("{file} sudah ada: sebut nama lain, salinan lama tidak ditimpa"),
            (Self::FileExists(file), Lang::En) => format!("{file} exists: name another one, an older copy is not overwritten"),
            (Self::FolderBusy(folder), Lang::Id) => format!("{folder} sedang dikerjakan proses lain: ulangi sebentar lagi"),
            (Self::FolderBusy(folder), Lang::En) => format!("another process is at work in {folder}: try again in a moment"),
            (Self::Inbox(file, said), _) => format!("{file}: {}", said.in_lang(lang)),
            (Self::Access(said), _) => said.in_lang(lang).to_owned(),
            (Self::Notify(error), _) => error.to_string(),
            (Self::Io(what, why), _) => format!("{what}: {why}"),
        }
    }
}

fn store_in_indonesian(error: &StoreError) -> String {
    match error {
        StoreError::Unreachable { store, why } => format!("penyimpanan {store} tidak dapat dibuka: {why}; periksa store.url"),
        StoreError::Newer { store, found, known } => {
            format!(
                "penyimpanan {store} memakai skema {found}, Selaras ini mengenal {known}: tidak disentuh, pakai Selaras yang lebih baru"
            )
        }
        StoreError::NotEmpty { store } => {
            format!("penyimpanan {store} tidak kosong: salinan hanya dipulihkan ke penyimpanan baru, arahkan store.url ke sana")
        }
        StoreError::Backup { why } => format!("salinan tidak dapat dipakai: {why}"),
        StoreError::LeaseLost { job } => format!("pekerjaan {job} sudah diambil alih proses lain: tidak ada lagi yang ditulis di sini"),
        StoreError::DiskFull => "disk penyimpanan penuh: kosongkan ruang lalu ulangi perintah; langkah terakhir tidak disimpan".to_owned(),
        StoreError::Busy => "penyimpanan sedang dipakai proses lain terlalu lama: ulangi perintah".to_owned(),
        other => format!("penyimpanan gagal: {other}"),
    }
}
