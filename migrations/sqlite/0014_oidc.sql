-- Who is who at the ministry's identity provider.

CREATE TABLE oidc_account (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,             -- the provider's own id: a name may be given to somebody else
    account TEXT NOT NULL UNIQUE REFERENCES account (name),
    PRIMARY KEY (issuer, subject)
) STRICT;
