-- Up Migration

-- Hosts that a blocklist names: the site's own, and those it loads code from. A row comes with a listing and goes after two clean answers.
create table listing (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  source text not null check (source in ('safe_browsing', 'web_risk')),
  host text not null,
  threat text not null,
  listed boolean not null,
  -- Answers in a row that did not name it, each after the one before had expired.
  cleans integer not null default 0,
  first_listed_at timestamptz not null,
  answered_at timestamptz not null,
  primary key (site_id, source, host, threat)
);
select protect_tenant_table('listing');

-- Certificates of a site's domain, as the public logs show them: as many as a log's answer holds, for a year and a little.
create table certificate (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  serial text not null,
  issuer text not null,
  names text[] not null,
  not_before timestamptz not null,
  seen_at timestamptz not null,
  primary key (site_id, issuer, serial)
);
select protect_tenant_table('certificate');
create index certificate_by_age on certificate (site_id, not_before);
