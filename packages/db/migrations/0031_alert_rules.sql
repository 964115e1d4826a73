-- Up Migration

-- What rules may pick sites by.
alter table site add column tags text[] not null default '{}';

alter table org
  -- Under it sites and components are told of once a day.
  add column uptime_threshold_percent double precision not null default 95 check (uptime_threshold_percent between 0 and 100),
  -- When, in UTC.
  add column daily_hour integer not null default 6 check (daily_hour between 0 and 23);

alter table alert_rule
  -- Of a rule that is judged once a day: the last day that it was marked due for.
  add column last_daily_on date;
create index alert_rule_daily on alert_rule (org_id) where enabled and coalesce((config #>> '{condition,daily}')::boolean, false);

alter table alert
  -- What it is about, the same whenever that comes back: a threat's dedupe key rather than its id.
  add column key text not null default '',
  -- Of its site, when it was triggered.
  add column tags text[] not null default '{}',
  -- The time of the newest entry of `flips`.
  add column flips_at timestamptz,
  -- When it will have ceased to flap, unless it changes again before.
  add column steady_at timestamptz,
  -- Of a rule that is judged once a day: the last day that spoke of it.
  add column day date;
create index alert_by_key on alert (org_id, key) where state <> 'resolved' or flapping;
create index alert_steady on alert (steady_at) where flapping;

-- Rules over a metric whose next window is over, for whoever judges it.
create function claim_metric_rules(p_now timestamptz, p_lease_until timestamptz, p_limit integer) returns table (org_id text, rule_id text)
language sql as $$
  update alert_rule r set lease_until = p_lease_until
  where r.id in (
    select d.id from alert_rule d
    where d.enabled and d.next_evaluation_at <= p_now and (d.lease_until is null or d.lease_until <= p_now)
    order by d.next_evaluation_at limit p_limit for update skip locked
  )
  returning r.org_id, r.id
$$;
select make_sweep_function('claim_metric_rules(timestamptz, timestamptz, integer)');

-- Once a day, from the org's hour on.
create function mark_daily_rules(p_now timestamptz, p_limit integer) returns bigint language sql as $$
  with marked as (
    update alert_rule r set next_evaluation_at = due.at, last_daily_on = due.day
    from (
      select d.id, today.day, today.day::timestamp at time zone 'UTC' + make_interval(hours => o.daily_hour) as at
      from alert_rule d
      join org o on o.id = d.org_id
      cross join (select (p_now at time zone 'UTC')::date as day) today
      where d.enabled and coalesce((d.config #>> '{condition,daily}')::boolean, false)
        and (d.last_daily_on is null or d.last_daily_on < today.day)
        and p_now >= today.day::timestamp at time zone 'UTC' + make_interval(hours => o.daily_hour)
      order by d.id limit p_limit
      for update of d skip locked
    ) due
    where r.id = due.id
    returning 1
  ) select count(*) from marked
$$;
select make_sweep_function('mark_daily_rules(timestamptz, integer)');

create function orgs_with_steady_alerts(p_after text, p_limit integer, p_now timestamptz) returns table (org_id text) language sql as $$
  select distinct a.org_id from alert a
  where a.flapping and a.steady_at <= p_now and a.org_id > p_after
  order by a.org_id limit p_limit
$$;
select make_sweep_function('orgs_with_steady_alerts(text, integer, timestamptz)');

-- With their steps, notices and decisions.
create function delete_alerts_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from alert where id in (
      select a.id from alert a
      where a.state = 'resolved' and a.resolved_at < p_before and not a.flapping
      order by a.resolved_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_alerts_before(timestamptz, integer)');

-- What every new org begins with, for those that are there. They say nothing of what was before.
insert into alert_rule (id, org_id, name, description, kind, config, preset, after_seq, last_daily_on, created_at)
select 'rul_' || substr(md5(o.id || p.preset) || md5(p.preset || o.id), 1, 24), o.id, p.name, p.description, p.kind,
  p.config, p.preset, h.seq, current_date, o.created_at
from org o
join journal_head h on h.org_id = o.id
cross join jsonb_to_recordset($presets$
[
  {"preset":"threats","name":"Critical and high threats","description":"Whatever is found on a site and is critical or high.","kind":"threshold","config":{"filter":{"sources":["threat.*"],"types":[],"severities":["critical","high"],"siteIds":[],"tags":[],"ruleIds":[]},"condition":null,"severity":null,"groupBy":["rule","site"],"groupWaitSeconds":30,"groupIntervalSeconds":300,"repeatMinutes":240,"cooldownSeconds":300,"notify":{"destinations":"all","members":"all"},"escalation":null}},
  {"preset":"outages","name":"Outages","description":"A monitor that is down, a component with a partial or major outage.","kind":"threshold","config":{"filter":{"sources":["monitor.*","component.*"],"types":[],"severities":["critical","high"],"siteIds":[],"tags":[],"ruleIds":[]},"condition":null,"severity":null,"groupBy":["rule"],"groupWaitSeconds":30,"groupIntervalSeconds":300,"repeatMinutes":240,"cooldownSeconds":300,"notify":{"destinations":"all","members":"all"},"escalation":null}},
  {"preset":"incidents","name":"Incidents","description":"Every incident, whoever opened it.","kind":"threshold","config":{"filter":{"sources":["incident.*"],"types":[],"severities":[],"siteIds":[],"tags":[],"ruleIds":[]},"condition":null,"severity":null,"groupBy":["rule","subject"],"groupWaitSeconds":30,"groupIntervalSeconds":300,"repeatMinutes":240,"cooldownSeconds":300,"notify":{"destinations":"all","members":"all"},"escalation":null}},
  {"preset":"site_uptime","name":"Daily uptime of sites","description":"Once a day, sites whose uptime of the last day is below the organisation's threshold.","kind":"performance","config":{"filter":{"sources":[],"types":[],"severities":[],"siteIds":[],"tags":[],"ruleIds":[]},"condition":{"metric":"uptime.site","op":"below","value":null,"windowMinutes":1440,"percentile":null,"against":"window_before","direction":"both","daily":true,"again":false},"severity":null,"groupBy":["rule"],"groupWaitSeconds":30,"groupIntervalSeconds":300,"repeatMinutes":0,"cooldownSeconds":300,"notify":{"destinations":"all","members":"all"},"escalation":null}},
  {"preset":"component_uptime","name":"Daily uptime of components","description":"Once a day, components whose uptime of the last day is below the organisation's threshold.","kind":"performance","config":{"filter":{"sources":[],"types":[],"severities":[],"siteIds":[],"tags":[],"ruleIds":[]},"condition":{"metric":"uptime.component","op":"below","value":null,"windowMinutes":1440,"percentile":null,"against":"window_before","direction":"both","daily":true,"again":false},"severity":null,"groupBy":["rule"],"groupWaitSeconds":30,"groupIntervalSeconds":300,"repeatMinutes":0,"cooldownSeconds":300,"notify":{"destinations":"all","members":"all"},"escalation":null}}
]
$presets$) as p (preset text, name text, description text, kind text, config jsonb);
