-- Up Migration

-- What waits to be told of an alert outlives its rule, and keeps its name: it is the same group to its end. While it was a foreign key, a
-- rule that was deleted took along the ends that had still to be told, and waited in turn for whoever told of its alerts.
alter table alert_notice drop constraint alert_notice_rule_id_fkey;
drop index alert_notice_by_rule;
