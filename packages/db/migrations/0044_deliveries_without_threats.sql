-- Up Migration

-- Threats are told as alerts, of which a delivery's message names each: no delivery has been tied to a threat since.
drop index delivery_of_threat;
alter table delivery drop column threat_id;
