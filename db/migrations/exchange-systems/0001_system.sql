-- How the member's own information systems speak with its gateway. A subsystem that has no row speaks as it likes.
create table exchange_system (
  subsystem text primary key,
  connection text not null check (connection in ('http', 'https', 'mutual-tls'))
);

-- Certificates that the operator vouches for: those that the subsystem's programs show, and those of its services
-- (or of the authority that issued them).
create table exchange_system_certificate (
  subsystem text not null,
  used_by text not null check (used_by in ('client', 'service')),
  thumbprint text not null check (thumbprint ~ '^[0-9a-f]{64}$'),
  certificate bytea not null,
  added_at timestamptz not null,
  primary key (subsystem, used_by, thumbprint)
);
