-- Up Migration

alter table threat
  -- When it was seen to go from bad to ok or back, the latest last: a threat that does so three times in a day is flapping.
  add column flips timestamptz[] not null default '{}',
  -- Which side a flapping threat is on; null: it is steady.
  add column flapping text check (flapping in ('bad', 'ok')),
  -- When the detector doubted itself and would rather look again than tell.
  add column held_at timestamptz,
  -- The open threat that explains this one.
  add column cause_id text references threat (id) on delete set null,
  -- 0–10: how much the page matters; what concerns a whole site is above most pages.
  add column importance real not null default 5;
create index threat_by_cause on threat (cause_id) where cause_id is not null;
-- What was resolved may come back: the new threat goes on where the old one ended.
create index threat_by_key on threat (site_id, dedupe_key, resolved_at desc) where state = 'resolved';

-- How many sites turned bad in a span of time, of all that are watched: across orgs, because a fault of ours hits all.
create index threat_turned on threat (first_seen_at) where state in ('suspected', 'active');
create function sites_turned_bad(p_from timestamptz, p_to timestamptz) returns table (turned bigint, total bigint) language sql stable as $$
  select
    (select count(distinct t.site_id) from threat t where t.state in ('suspected', 'active') and t.first_seen_at between p_from and p_to),
    (select count(*) from site s where s.paused_at is null)
$$;
select make_sweep_function('sites_turned_bad(timestamptz, timestamptz)');

-- Orgs that were told that the detector doubts itself, and not yet that it has found its feet.
create table self_doubt (
  org_id text primary key references org (id) on delete cascade,
  since timestamptz not null
);
select protect_tenant_table('self_doubt');

-- 0–100: each open threat takes a share of what the others have left, by its severity and by how much its page matters. An effect takes
-- nothing: its cause has.
create function health_of(p_site_id text, p_type text) returns integer language sql stable as $$
  select coalesce(round(100 * exp(sum(ln(1 - least(0.95,
    case t.severity when 'critical' then 0.4 when 'high' then 0.18 when 'medium' then 0.06 else 0.015 end * (0.5 + t.importance / 10))))))::integer, 100)
  from threat t
  where t.site_id = p_site_id and t.state in ('active', 'acknowledged') and (p_type is null or t.type = p_type)
    and not exists (select from threat c where c.id = t.cause_id and c.state in ('active', 'acknowledged'))
$$;
grant execute on function health_of(text, text) to tocsin_app;

create function site_health(p_site_id text) returns jsonb language sql stable as $$
  select jsonb_build_object('score', health_of(p_site_id, null), 'byType', jsonb_object_agg(kind, health_of(p_site_id, kind)))
  from unnest(array['ranking_drop', 'cwv_degradation', 'technical_error', 'competitor_surge', 'security_issue', 'indexation_problem']) kind
$$;
grant execute on function site_health(text) to tocsin_app;

-- The score whenever it changed, the last of each hour: what lies between is as before.
create table site_score (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  hour timestamptz not null,
  score integer not null,
  by_type jsonb not null,
  primary key (site_id, hour)
);
select protect_tenant_table('site_score');
create index site_score_by_age on site_score (hour);
create function delete_site_scores_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from site_score s using (
      select site_id, hour from site_score where hour < p_before order by hour limit p_limit for update skip locked
    ) old
    where s.site_id = old.site_id and s.hour = old.hour
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_site_scores_before(timestamptz, integer)');
