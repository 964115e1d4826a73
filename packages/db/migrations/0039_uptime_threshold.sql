-- Up Migration

drop function memberships_of(text);
create function memberships_of(p_account_id text) returns table (
  org_id text, role text, name text, daily_alert_limit integer, daily_critical_reserve integer, uptime_threshold_percent double precision,
  daily_hour integer, webhook_retries text, created_at timestamptz, version integer
) language sql as $$
  select m.org_id, m.role, o.name, o.daily_alert_limit, o.daily_critical_reserve, o.uptime_threshold_percent, o.daily_hour,
    o.webhook_retries, o.created_at, o.version
  from member m join org o on o.id = m.org_id
  where m.account_id = p_account_id
  order by m.joined_at, m.org_id
$$;
select make_sweep_function('memberships_of(text)');

-- A milestone is told once: what remembers it stays as long as its rule.
create or replace function delete_alerts_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from alert where id in (
      select a.id from alert a
      where a.state = 'resolved' and a.resolved_at < p_before and not a.flapping
        and not exists (select from alert_rule r where r.id = a.rule_id and r.kind = 'milestone')
      order by a.resolved_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_alerts_before(timestamptz, integer)');
