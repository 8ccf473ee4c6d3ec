-- RFC 3161 tokens over checkpoints of our own log. Evidence of years later stands on them: nothing here is changed.
create table exchange_timestamp (
  -- of the tree that the checkpoint signs
  size bigint primary key check (size > 0),
  -- the note, byte for byte what the token's imprint is of, with the witnesses' lines that it had then
  checkpoint text not null,
  witnesses integer not null check (witnesses >= 0),
  -- name of the authority, and the registry's word for it as the trust list held it then
  authority text not null,
  statement text not null,
  token bytea not null,
  -- base64 DER, from the signer's certificate to the one that the registry named
  path text[] not null check (cardinality(path) between 1 and 4),
  serial text not null,
  -- the authority's time, and the time before which all of it existed
  stamped_at timestamptz not null,
  before_at timestamptz not null,
  taken_at timestamptz not null
);

-- Which of a member's processes asks next, and how the rounds before went. A process that dies while it asks leaves
-- a due time behind that passes.
create table exchange_timestamp_round (
  single boolean primary key default true check (single),
  due_at timestamptz not null,
  -- when the newest checkpoint was last stamped, or found to have been
  succeeded_at timestamptz not null,
  failures integer not null default 0 check (failures >= 0),
  failure text
);
