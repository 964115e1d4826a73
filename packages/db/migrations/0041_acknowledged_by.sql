-- Up Migration

-- Who is on it, as its steps have told since the beginning: lists show it without asking for the steps of each alert.
alter table alert add column acknowledged_by jsonb;
update alert set acknowledged_by = (
  select actor from alert_step where alert_step.alert_id = alert.id and alert_step.step = 'acknowledged' order by number desc limit 1
) where acknowledged_at is not null;
