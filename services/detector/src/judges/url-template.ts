/** Written where the API can use it too: what visitors report is filed under the same patterns as what the crawler sees. */
export { templateOf } from '@tocsin/domain/url-template'
