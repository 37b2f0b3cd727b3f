export { anchorOf, markdownTable, paragraphs } from './markdown.ts';
export { pageText, type ReferencePage, storedPage, writePages } from './page.ts';
