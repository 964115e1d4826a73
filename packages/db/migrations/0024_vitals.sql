-- Up Migration

-- How the pages of a site report what their visitors measure. Without a row: no key, and every page view would be measured.
create table vitals_beacon (
  org_id text not null references org (id) on delete cascade,
  site_id text primary key references site (id) on delete cascade,
  key text,
  sample_rate double precision not null check (sample_rate between 0 and 1),
  allowed_origins text[] not null,
  version integer not null default 1
);
-- A report names a site by its key alone, so no two sites may have the same.
create unique index vitals_beacon_key on vitals_beacon (key);
select protect_tenant_table('vitals_beacon');

-- Whose key it is: a report comes from anybody's browser and knows no org.
create function find_vitals_beacon(p_key text)
returns table (org_id text, site_id text, url text, sample_rate double precision, allowed_origins text[]) language sql stable as $$
  select b.org_id, b.site_id, s.url, b.sample_rate, b.allowed_origins
  from vitals_beacon b join site s on s.id = b.site_id
  where b.key = p_key
$$;
select make_sweep_function('find_vitals_beacon(text)');

-- What was measured, as counts by bucket (packages/domain/src/vitals/buckets.ts). Never a single page view: whoever may read this table
-- learns nothing about anybody. Hours are for rules and kept for some weeks, days are for charts.
create table vital_hour (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  hour timestamptz not null,
  metric text not null,
  form text not null,
  template text not null,
  buckets smallint[] not null,
  counts integer[] not null,
  n integer not null,
  primary key (site_id, hour, metric, form, template)
);
select protect_tenant_table('vital_hour');
create index vital_hour_by_age on vital_hour (hour);

create table vital_day (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  day date not null,
  metric text not null,
  form text not null,
  template text not null,
  buckets smallint[] not null,
  counts integer[] not null,
  n integer not null,
  primary key (site_id, day, metric, form, template)
);
select protect_tenant_table('vital_day');
create index vital_day_by_age on vital_day (day);

-- One period of the Chrome UX Report for a page or an origin. The same period is told again every day until the next one begins.
create table crux_record (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  target text not null,
  form text not null,
  metric text not null,
  first_day date not null,
  last_day date not null,
  p75 double precision not null,
  good_share double precision,
  poor_share double precision,
  recorded_at timestamptz not null,
  primary key (site_id, target, form, metric, last_day)
);
select protect_tenant_table('crux_record');
create index crux_record_by_age on crux_record (last_day);

-- One load of a page in a browser of ours, under conditions that are the same every time.
create table lab_run (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  url text not null,
  at timestamptz not null,
  run smallint not null,
  -- Of the conditions: figures under others cannot be compared.
  conditions text not null,
  measured jsonb not null,
  primary key (site_id, url, at, run)
);
select protect_tenant_table('lab_run');
create index lab_run_by_age on lab_run (at);

create function delete_vitals_before(p_hours_before timestamptz, p_days_before timestamptz, p_limit integer) returns bigint language sql as $$
  with hours as (
    delete from vital_hour v using (
      select site_id, hour, metric, form, template from vital_hour where hour < p_hours_before order by hour limit p_limit for update skip locked
    ) old
    where (v.site_id, v.hour, v.metric, v.form, v.template) = (old.site_id, old.hour, old.metric, old.form, old.template)
    returning 1
  ), days as (
    delete from vital_day v using (
      select site_id, day, metric, form, template from vital_day
      where day < (p_days_before at time zone 'UTC')::date order by day limit p_limit for update skip locked
    ) old
    where (v.site_id, v.day, v.metric, v.form, v.template) = (old.site_id, old.day, old.metric, old.form, old.template)
    returning 1
  ), crux as (
    delete from crux_record c using (
      select site_id, target, form, metric, last_day from crux_record
      where last_day < (p_days_before at time zone 'UTC')::date order by last_day limit p_limit for update skip locked
    ) old
    where (c.site_id, c.target, c.form, c.metric, c.last_day) = (old.site_id, old.target, old.form, old.metric, old.last_day)
    returning 1
  ), lab as (
    delete from lab_run l using (
      select site_id, url, at, run from lab_run where at < p_days_before order by at limit p_limit for update skip locked
    ) old
    where (l.site_id, l.url, l.at, l.run) = (old.site_id, old.url, old.at, old.run)
    returning 1
  )
  select greatest((select count(*) from hours), (select count(*) from days), (select count(*) from crux), (select count(*) from lab))
$$;
select make_sweep_function('delete_vitals_before(timestamptz, timestamptz, integer)');
