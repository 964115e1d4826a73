-- Up Migration

-- Thresholds that an org has set for a site; whatever is not set here is the rule's default.
create table rule_setting (
  org_id text not null references org (id) on delete cascade,
  site_id text not null references site (id) on delete cascade,
  rule text not null,
  config jsonb not null,
  updated_at timestamptz not null,
  primary key (site_id, rule)
);
select protect_tenant_table('rule_setting');

-- Sites about which something new was recorded that nobody has judged yet. `marks` tells whether more came while it was judged.
create table data_watch (
  org_id text not null references org (id) on delete cascade,
  site_id text primary key references site (id) on delete cascade,
  due_at timestamptz,
  marks integer not null default 1,
  lease_token text,
  lease_until timestamptz
);
create index data_watch_due on data_watch (due_at) where due_at is not null;
select protect_tenant_table('data_watch');

create function claim_data_watch(p_now timestamptz, p_lease_until timestamptz, p_token text, p_limit integer)
returns table (org_id text, site_id text, marks integer) language sql as $$
  update data_watch w set lease_token = p_token, lease_until = p_lease_until
  where w.site_id in (
    select c.site_id from data_watch c
    where c.due_at <= p_now and (c.lease_until is null or c.lease_until <= p_now)
    order by c.due_at
    limit p_limit
    for update skip locked
  )
  returning w.org_id, w.site_id, w.marks
$$;
select make_sweep_function('claim_data_watch(timestamptz, timestamptz, text, integer)');

-- By which thresholds the evidence was judged, and when: with both the verdict can be derived again.
alter table threat add column judged_at timestamptz, add column judged_config jsonb not null default '{}';
