-- Up Migration

-- Accounts and sessions belong to no org: a person may be a member of many. No org_id, so no tenant policy.
create table account (
  id text primary key,
  email text not null,
  name text not null,
  password_hash text not null,
  created_at timestamptz not null
);
-- Addresses are stored in lower case; one account each.
create unique index account_email on account (email);
grant select, insert, update, delete on account to tocsin_app, tocsin_sweep;

-- Wrong passwords by address (SHA-256), whether it has an account or not: a lock must not tell which.
create table sign_in_failure (
  email_hash text primary key,
  failures integer not null,
  last_at timestamptz not null
);
create index sign_in_failure_by_age on sign_in_failure (last_at);
grant select, insert, update, delete on sign_in_failure to tocsin_app;

create table session (
  -- SHA-256 of the cookie: whoever reads the table cannot sign in with it.
  token_hash text primary key,
  account_id text not null references account (id) on delete cascade,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_by_account on session (account_id);
create index session_by_expiry on session (expires_at);
grant select, insert, update, delete on session to tocsin_app;

create table member (
  org_id text not null references org (id) on delete cascade,
  account_id text not null references account (id) on delete cascade,
  role text not null check (role in ('viewer', 'editor', 'admin', 'owner')),
  joined_at timestamptz not null,
  primary key (org_id, account_id)
);
create index member_by_account on member (account_id);
select protect_tenant_table('member');

create table invitation (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  token_hash text not null unique,
  role text not null check (role in ('viewer', 'editor', 'admin')),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz
);
create index invitation_by_org on invitation (org_id);
select protect_tenant_table('invitation');

create table api_key (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  name text not null,
  -- The first characters, to recognise a key by; and SHA-256 of the whole.
  prefix text not null,
  hash text not null unique,
  scope text not null check (scope in ('read', 'write', 'admin')),
  created_at timestamptz not null,
  last_used_at timestamptz,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index api_key_by_org on api_key (org_id);
select protect_tenant_table('api_key');

-- The answer to a POST with an Idempotency-Key, sealed, kept for a day. Written in the transaction of the change it answers.
create table idempotency (
  org_id text not null references org (id) on delete cascade,
  key text not null,
  credential_id text not null,
  request_hash text not null,
  answer text not null,
  created_at timestamptz not null,
  primary key (org_id, credential_id, key)
);
create index idempotency_by_age on idempotency (created_at);
select protect_tenant_table('idempotency');

create function memberships_of(p_account_id text) returns table (org_id text, role text, name text, daily_alert_limit integer, daily_critical_reserve integer, created_at timestamptz, version integer) language sql as $$
  select m.org_id, m.role, o.name, o.daily_alert_limit, o.daily_critical_reserve, o.created_at, o.version
  from member m join org o on o.id = m.org_id
  where m.account_id = p_account_id
  order by m.joined_at, m.org_id
$$;
select make_sweep_function('memberships_of(text)');

create function api_key_by_hash(p_hash text) returns table (id text, org_id text, scope text, last_used_at timestamptz, expires_at timestamptz, revoked_at timestamptz) language sql as $$
  select k.id, k.org_id, k.scope, k.last_used_at, k.expires_at, k.revoked_at from api_key k where k.hash = p_hash
$$;
select make_sweep_function('api_key_by_hash(text)');

create function invitation_by_hash(p_hash text) returns table (id text, org_id text) language sql as $$
  select i.id, i.org_id from invitation i where i.token_hash = p_hash
$$;
select make_sweep_function('invitation_by_hash(text)');

create function delete_idempotency_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from idempotency i using (select org_id, credential_id, key from idempotency where created_at < p_before limit p_limit) old
    where i.org_id = old.org_id and i.credential_id = old.credential_id and i.key = old.key
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_idempotency_before(timestamptz, integer)');
