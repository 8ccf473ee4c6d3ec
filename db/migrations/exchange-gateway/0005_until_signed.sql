-- Where both members must sign, a new version stands beside the one in force until the last signature has come, and only
-- then ends it: two versions may be active, of which one is signed.
drop index exchange_agreement_one_active;
