-- Up Migration

-- Roles are of the whole cluster: another database of it may have made them already, at this very moment.
do $$
declare
  name text;
begin
  foreach name in array array['tocsin_app', 'tocsin_sweep'] loop
    begin
      if not exists (select from pg_roles where rolname = name) then
        execute format('create role %I nologin', name);
      end if;
    exception
      when duplicate_object or unique_violation then null;
    end;
    if not pg_has_role(current_user, name, 'member') then
      execute format('grant %I to current_user', name);
    end if;
  end loop;
end
$$;

-- tocsin_app: every service. Owns nothing. tocsin_sweep: owns the few functions that look across orgs, and nothing else.
grant usage on schema public to tocsin_app, tocsin_sweep;
grant create on schema public to tocsin_sweep;

-- One wall for every table of a tenant. `nullif`: after the first transaction of a connection the setting is '' rather than null.
create function protect_tenant_table(target regclass, org_column text default 'org_id') returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant on %s to tocsin_app using (%2$I = nullif(current_setting(''app.org_id'', true), '''')) with check (%2$I = nullif(current_setting(''app.org_id'', true), ''''))',
    target, org_column
  );
  execute format('create policy sweep on %s to tocsin_sweep using (true) with check (true)', target);
  execute format('grant select, insert, update, delete on %s to tocsin_app, tocsin_sweep', target);
end
$$;

-- A function that looks across orgs: runs as tocsin_sweep, callable by services only.
create function make_sweep_function(target regprocedure) returns void language plpgsql as $$
begin
  execute format('alter function %s security definer set search_path = public, pg_temp', target);
  execute format('revoke all on function %s from public', target);
  execute format('grant execute on function %s to tocsin_app', target);
  execute format('alter function %s owner to tocsin_sweep', target);
end
$$;

create table org (
  id text primary key,
  name text not null,
  -- Messages to people per day (UTC), beyond which they come as hourly digests; critical ones have a reserve of their own.
  daily_alert_limit integer not null default 3 check (daily_alert_limit >= 0),
  daily_critical_reserve integer not null default 3 check (daily_critical_reserve >= 0),
  created_at timestamptz not null,
  version integer not null default 1
);
select protect_tenant_table('org', 'id');

-- The head row gives events their numbers. It is locked last and held to commit, so that numbers are in commit order and without holes.
create table journal_head (
  org_id text primary key references org (id) on delete cascade,
  seq bigint not null default 0,
  -- Events up to here have been pruned: a reader below the floor must take a snapshot.
  floor_seq bigint not null default 0,
  check (floor_seq <= seq)
  -- Every change of an org writes its row anew: with room beside it no index is touched, and few orgs share a page and its lock.
) with (fillfactor = 10);
select protect_tenant_table('journal_head');

create table event (
  org_id text not null references org (id) on delete cascade,
  seq bigint not null,
  type text not null,
  at timestamptz not null,
  actor jsonb not null,
  data jsonb not null,
  primary key (org_id, seq)
);
select protect_tenant_table('event');
create index event_by_age on event (org_id, at);

-- How far a named consumer has come in each org's journal. Locked while it plans, so that replicas do not plan the same event twice.
create table journal_cursor (
  org_id text not null references org (id) on delete cascade,
  consumer text not null,
  seq bigint not null default 0,
  primary key (org_id, consumer)
);
select protect_tenant_table('journal_cursor');

create function orgs_behind(p_consumer text, p_limit integer) returns table (org_id text, head_seq bigint, cursor_seq bigint) language sql as $$
  select h.org_id, h.seq, coalesce(c.seq, 0)
  from journal_head h left join journal_cursor c on c.org_id = h.org_id and c.consumer = p_consumer
  where h.seq > coalesce(c.seq, 0)
  order by h.seq - coalesce(c.seq, 0)
  limit p_limit
$$;
select make_sweep_function('orgs_behind(text, integer)');

create function journal_heads(p_org_ids text[]) returns table (org_id text, seq bigint, floor_seq bigint) language sql as $$
  select h.org_id, h.seq, h.floor_seq from journal_head h where h.org_id = any (p_org_ids)
$$;
select make_sweep_function('journal_heads(text[])');

-- Orgs with events older than the retention, for the pass that prunes them one org at a time.
create function orgs_with_events_before(p_before timestamptz, p_limit integer) returns table (org_id text) language sql as $$
  select h.org_id from journal_head h
  where exists (select from event e where e.org_id = h.org_id and e.at < p_before)
  limit p_limit
$$;
select make_sweep_function('orgs_with_events_before(timestamptz, integer)');
