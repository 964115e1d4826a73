-- Up Migration

-- That the next server has taken a mail does not mean that it got through: what comes back comes back within days.
alter table subscriber add column soft_bounced_at timestamptz;

-- Whom a mail that came back is about: the receiver of the delivery, or everybody with that address, of one org or of all (null).
create function bounced_receivers(p_org_id text, p_delivery_id text, p_address text)
  returns table (org_id text, subscriber_id text, destination_id text) language sql stable as $$
  select d.org_id, d.subscriber_id, d.destination_id from delivery d
  where d.id = p_delivery_id and d.channel = 'email' and num_nonnulls(d.subscriber_id, d.destination_id) = 1
    and (p_org_id is null or d.org_id = p_org_id)
  union
  (select s.org_id, s.id, null from subscriber s
  where s.kind = 'email' and s.address = p_address and (p_org_id is null or s.org_id = p_org_id)
    and not exists (select from delivery d where d.id = p_delivery_id)
  limit 1000)
  union
  (select t.org_id, null, t.id from destination t
  where t.kind = 'email' and t.enabled and lower(t.address) = p_address and (p_org_id is null or t.org_id = p_org_id)
    and not exists (select from delivery d where d.id = p_delivery_id)
  limit 1000)
$$;
select make_sweep_function('bounced_receivers(text, text, text)');
drop function bounced_subscribers(text, text);
create index destination_by_address on destination (lower(address)) where kind = 'email';

-- Who has called a mail spam stays known as long as the page: whoever forgets them writes to them again.
create function forget_subscribers(p_pending_before timestamptz, p_gone_before timestamptz, p_limit integer) returns bigint language sql as $$
  with gone as (
    delete from subscriber where id in (
      select s.id from subscriber s
      where (s.state = 'pending' and s.state_at < p_pending_before)
        or (s.state = 'unsubscribed' and s.state_reason is distinct from 'complaint' and s.state_at < p_gone_before)
      limit p_limit for update skip locked
    )
    returning 1
  ) select count(*) from gone
$$;
select make_sweep_function('forget_subscribers(timestamptz, timestamptz, integer)');
drop function purge_subscribers(timestamptz, timestamptz, integer);
