-- Up Migration

-- When a group of alerts is told of next, and when it last was. Whoever plans or tells of the group holds its row.
create table alert_group (
  org_id text not null references org (id) on delete cascade,
  -- '' when the rule is gone. Not a foreign key: what was told of a rule's alerts is resolved after it.
  rule_id text not null,
  group_key text not null,
  -- Null: nothing waits for the group's time.
  next_at timestamptz,
  last_told_at timestamptz,
  used_at timestamptz not null,
  primary key (org_id, rule_id, group_key)
);
create index alert_group_by_age on alert_group (used_at);
select protect_tenant_table('alert_group');

-- How many of a group are still open is said in every message about it.
create index alert_by_group on alert (org_id, rule_id, group_key) where state <> 'resolved';

-- A notice that was muted comes again when what mutes it ends: a silence, a maintenance, the outage of a parent, a snooze.
alter table alert_notice add column waits_for text;
create index alert_notice_waiting on alert_notice (org_id, waits_for) where decided_at is null and waits_for is not null;

create function orgs_with_due_notices(p_after text, p_limit integer, p_now timestamptz) returns table (org_id text) language sql as $$
  select distinct n.org_id from alert_notice n
  where n.decided_at is null and n.due_at <= p_now and n.org_id > p_after
  order by n.org_id limit p_limit
$$;
select make_sweep_function('orgs_with_due_notices(text, integer, timestamptz)');

create function delete_alert_groups_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from alert_group g using (
      select o.org_id, o.rule_id, o.group_key from alert_group o
      where o.used_at < p_before and not exists (
        select from alert_notice n
        where n.org_id = o.org_id and coalesce(n.rule_id, '') = o.rule_id and n.group_key = o.group_key and n.decided_at is null
      )
      order by o.used_at limit p_limit for update skip locked
    ) old
    where g.org_id = old.org_id and g.rule_id = old.rule_id and g.group_key = old.group_key
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_alert_groups_before(timestamptz, integer)');

-- What mutes alerts by hand, for a time.
create table silence (
  id text primary key,
  org_id text not null references org (id) on delete cascade,
  -- Label and values: all of them must match.
  matchers jsonb not null,
  comment text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  created_by jsonb not null,
  created_at timestamptz not null,
  -- Its end was told; by hand or because its time was over.
  expired_at timestamptz
);
create index silence_by_org on silence (org_id, created_at desc, id desc);
create index silence_running on silence (org_id, starts_at) where expired_at is null;
create index silence_ending on silence (ends_at) where expired_at is null;
create index silence_by_age on silence (expired_at) where expired_at is not null;
select protect_tenant_table('silence');

create function silences_to_expire(p_after text, p_limit integer, p_now timestamptz) returns table (org_id text) language sql as $$
  select distinct s.org_id from silence s
  where s.expired_at is null and s.ends_at <= p_now and s.org_id > p_after
  order by s.org_id limit p_limit
$$;
select make_sweep_function('silences_to_expire(text, integer, timestamptz)');

create function delete_silences_before(p_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from silence where id in (
      select id from silence where expired_at < p_before order by expired_at limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('delete_silences_before(timestamptz, integer)');
