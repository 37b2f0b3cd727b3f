export { detectFormat, importLegacy, type LegacyOptions, type LegacySummary } from './import-legacy.ts';
export { type LegacyFormat, legacyFormats } from './legacy-build.ts';
