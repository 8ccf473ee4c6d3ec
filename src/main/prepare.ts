import { prepareTemplate } from './parts/storage.ts';

// Called once by the launcher, after the packages are there.
await prepareTemplate();
