-- Few events are of this kind; the sweep that takes up forgotten documents reads them all.
create index dossier_event_awaited on dossier_event (dossier_id, revision) where kind = 'document-awaited';
