-- Up Migration

-- When a browser of ours looks at a site next. A site without a row has never been looked at.
create table browser_visit (
  org_id text not null references org (id) on delete cascade,
  site_id text primary key references site (id) on delete cascade,
  due_at timestamptz not null,
  lease_token text,
  lease_until timestamptz
);
create index browser_visit_due on browser_visit (due_at);
select protect_tenant_table('browser_visit');

-- One site at a time: a browser is large. A site whose first scan has just ended can wait for it a little.
create function claim_browser_visit(p_now timestamptz, p_lease_until timestamptz, p_token text)
returns table (org_id text, site_id text) language sql as $$
  with due as (
    select s.org_id, s.id from site s left join browser_visit v on v.site_id = s.id
    where s.paused_at is null and s.baseline_at <= p_now - interval '10 minutes'
      and (v.site_id is null or (v.due_at <= p_now and (v.lease_until is null or v.lease_until <= p_now)))
    order by v.due_at nulls first, s.id
    limit 1
  )
  insert into browser_visit as v (org_id, site_id, due_at, lease_token, lease_until)
  select d.org_id, d.id, p_now, p_token, p_lease_until from due d
  on conflict (site_id) do update set lease_token = excluded.lease_token, lease_until = excluded.lease_until
    where v.lease_until is null or v.lease_until <= p_now
  returning v.org_id, v.site_id
$$;
select make_sweep_function('claim_browser_visit(timestamptz, timestamptz, text)');

-- What a page told search engines in its HTML, and what once its scripts had run: the last visit of each.
create table rendered_page (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  url text not null,
  at timestamptz not null,
  importance double precision not null,
  seen jsonb not null,
  primary key (site_id, url)
);
select protect_tenant_table('rendered_page');
