-- Up Migration

create table component_group (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  name text not null,
  position integer not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create index component_group_by_org on component_group (org_id, created_at desc, id desc);
select protect_tenant_table('component_group');

create table component (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  group_id text references component_group (id) on delete set null,
  site_id text references site (id) on delete set null,
  name text not null,
  description text not null,
  position integer not null default 0,
  -- What was set, by hand or by what watches it.
  own_status text not null check (own_status in ('operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage')),
  -- What is shown: the worst of that, of open incidents and of a maintenance under way.
  status text not null check (status in ('operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage')),
  status_since timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
create index component_by_org on component (org_id, created_at desc, id desc);
create index component_by_group on component (group_id) where group_id is not null;
create index component_by_site on component (site_id) where site_id is not null;
select protect_tenant_table('component');

create table component_dependency (
  org_id text not null references org (id) on delete cascade,
  component_id text not null references component (id) on delete cascade,
  depends_on_id text not null references component (id) on delete cascade,
  primary key (component_id, depends_on_id),
  check (component_id <> depends_on_id)
);
create index component_dependency_backwards on component_dependency (depends_on_id);
select protect_tenant_table('component_dependency');

-- The first row of a component is its birth: before it nothing is known.
create table component_status_change (
  org_id text not null references org (id) on delete cascade,
  component_id text not null references component (id) on delete cascade,
  number integer not null,
  at timestamptz not null,
  status text not null,
  primary key (component_id, number)
);
create index component_status_change_by_time on component_status_change (component_id, at desc, number desc);
create index component_status_change_by_age on component_status_change (at);
select protect_tenant_table('component_status_change');

create table incident (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  title text not null,
  impact text not null check (impact in ('none', 'minor', 'major', 'critical')),
  status text not null check (status in ('investigating', 'identified', 'monitoring', 'resolved')),
  started_at timestamptz not null,
  resolved_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  check ((status = 'resolved') = (resolved_at is not null))
);
create index incident_by_org on incident (org_id, created_at desc, id desc);
create index incident_open on incident (org_id, created_at) where status <> 'resolved';
select protect_tenant_table('incident');

create table incident_update (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  incident_id text not null references incident (id) on delete cascade,
  status text not null check (status in ('investigating', 'identified', 'monitoring', 'resolved')),
  body text not null,
  notify boolean not null,
  at timestamptz not null,
  edited_at timestamptz
);
create index incident_update_by_incident on incident_update (incident_id, at desc, id desc);
select protect_tenant_table('incident_update');

-- What an incident says of a component; it counts while the incident is open.
create table incident_component (
  org_id text not null references org (id) on delete cascade,
  incident_id text not null references incident (id) on delete cascade,
  component_id text not null references component (id) on delete cascade,
  status text not null check (status in ('operational', 'under_maintenance', 'degraded_performance', 'partial_outage', 'major_outage')),
  primary key (incident_id, component_id)
);
create index incident_component_by_component on incident_component (component_id);
select protect_tenant_table('incident_component');

create table maintenance (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  title text not null,
  description text not null,
  status text not null check (status in ('scheduled', 'in_progress', 'verifying', 'completed', 'cancelled')),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  remind_minutes integer not null,
  notify boolean not null,
  reminded_at timestamptz,
  -- When the next thing happens by itself: a reminder, the beginning, the end. Null: nothing will.
  next_at timestamptz,
  started_at timestamptz,
  completed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1,
  check (starts_at < ends_at)
);
create index maintenance_by_org on maintenance (org_id, created_at desc, id desc);
create index maintenance_due on maintenance (next_at) where next_at is not null;
create index maintenance_active on maintenance (org_id) where status in ('in_progress', 'verifying');
select protect_tenant_table('maintenance');

create table maintenance_component (
  org_id text not null references org (id) on delete cascade,
  maintenance_id text not null references maintenance (id) on delete cascade,
  component_id text not null references component (id) on delete cascade,
  primary key (maintenance_id, component_id)
);
create index maintenance_component_by_component on maintenance_component (component_id);
select protect_tenant_table('maintenance_component');

create table maintenance_site (
  org_id text not null references org (id) on delete cascade,
  maintenance_id text not null references maintenance (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  primary key (maintenance_id, site_id)
);
create index maintenance_site_by_site on maintenance_site (site_id);
select protect_tenant_table('maintenance_site');

create function due_maintenances(p_now timestamptz, p_limit integer) returns table (org_id text, maintenance_id text) language sql as $$
  select m.org_id, m.id from maintenance m where m.next_at <= p_now order by m.next_at limit p_limit
$$;
select make_sweep_function('due_maintenances(timestamptz, integer)');

create table status_page (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  slug text not null,
  name text not null,
  description text not null,
  enabled boolean not null default true,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  version integer not null default 1
);
-- Of the whole installation: the slug is all that a visitor says.
create unique index status_page_slug on status_page (slug);
create index status_page_by_org on status_page (org_id);
select protect_tenant_table('status_page');

-- What a visitor means by a slug, before anything is known of an org.
create function status_page_of_slug(p_slug text) returns table (org_id text, status_page_id text) language sql stable as $$
  select p.org_id, p.id from status_page p where p.slug = p_slug and p.enabled
$$;
select make_sweep_function('status_page_of_slug(text)');

-- Every org has one. Its slug cannot be guessed from the name until somebody chooses one that can.
insert into status_page (id, org_id, slug, name, description, created_at, updated_at)
select 'stp_' || random.letters, o.id,
  coalesce(nullif(trim(both '-' from left(lower(regexp_replace(o.name, '[^A-Za-z0-9]+', '-', 'g')), 40)), ''), 'status') || '-' || left(random.letters, 8),
  o.name, '', o.created_at, o.created_at
from org o cross join lateral (select left(md5(o.id || clock_timestamp()::text) , 24) as letters) random;

-- A year is compared with the year before. The last change before then stays: it says how it was at the beginning.
create function delete_component_changes_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from component_status_change c using (
      select o.component_id, o.number from component_status_change o
      where o.at < p_before
        and exists (select from component_status_change n where n.component_id = o.component_id and n.number > o.number and n.at < p_before)
      limit p_limit for update skip locked
    ) old
    where c.component_id = old.component_id and c.number = old.number
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_component_changes_before(timestamptz, integer)');
