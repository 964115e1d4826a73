-- Up Migration

create table webhook (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  url text not null,
  description text not null,
  events text[] not null,
  -- Sealed with SECRET_KEY. The old one signs beside the new until `old_secret_until`.
  secret text not null,
  old_secret text,
  old_secret_until timestamptz,
  enabled boolean not null default true,
  disabled_reason text check (disabled_reason in ('by_hand', 'gone', 'failing')),
  failing_since timestamptz,
  -- The endpoint asked us to slow down (429, 502, 504): nothing is sent to it before this.
  not_before timestamptz,
  created_at timestamptz not null,
  version integer not null default 1
);
create index webhook_by_org on webhook (org_id, created_at desc);
select protect_tenant_table('webhook');

create table destination (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  kind text not null check (kind = 'email'),
  name text not null,
  address text not null,
  events text[] not null,
  minimum_severity text not null check (minimum_severity in ('critical', 'high', 'medium', 'low')),
  enabled boolean not null default true,
  last_digest_at timestamptz,
  created_at timestamptz not null,
  version integer not null default 1
);
create index destination_by_org on destination (org_id, created_at desc);
select protect_tenant_table('destination');

create table delivery (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  channel text not null check (channel in ('webhook', 'email')),
  webhook_id text references webhook (id) on delete cascade,
  destination_id text references destination (id) on delete cascade,
  event_seq bigint,
  event_type text not null,
  -- What is sent: the event, as it was when it was planned.
  message jsonb not null,
  state text not null check (state in ('pending', 'succeeded', 'exhausted', 'suppressed', 'held', 'digested', 'dropped')),
  reason text not null,
  attempts integer not null default 0,
  -- Null unless pending.
  next_attempt_at timestamptz,
  lease_token text,
  lease_until timestamptz,
  -- The digest that tells what is held.
  digest_id text references delivery (id) on delete set null,
  created_at timestamptz not null,
  finished_at timestamptz,
  check ((webhook_id is null) <> (destination_id is null))
);
-- Planned exactly once, however often the plan pass dies; what is sent by hand or as a digest has no seq.
create unique index delivery_once on delivery (org_id, event_seq, coalesce(webhook_id, destination_id)) where event_seq is not null;
create index delivery_due on delivery (next_attempt_at) where state = 'pending';
create index delivery_by_org on delivery (org_id, created_at desc, id desc);
create index delivery_by_webhook on delivery (webhook_id, created_at desc);
create index delivery_by_destination on delivery (destination_id, created_at desc);
create index delivery_held on delivery (org_id) where state = 'held';
select protect_tenant_table('delivery');

create table attempt (
  org_id text not null references org (id) on delete cascade,
  delivery_id text not null references delivery (id) on delete cascade,
  number integer not null,
  at timestamptz not null,
  outcome text not null,
  status integer,
  latency_ms integer not null,
  response text not null,
  primary key (delivery_id, number)
);
select protect_tenant_table('attempt');

-- How many alert messages people of an org got on a day (UTC).
create table alert_day (
  org_id text not null references org (id) on delete cascade,
  day date not null,
  sent integer not null default 0,
  critical_sent integer not null default 0,
  tripped_at timestamptz,
  primary key (org_id, day)
);
select protect_tenant_table('alert_day');
