import type { Variables } from '@/lib/config/env-variables'

const newSecret = 'make one with openssl rand -base64 32'
const color = 'write it as "#1d4f91", in quotes, because a bare # begins a comment'
const logo = 'write the path of an SVG with a viewBox or a PNG, at most 200 kB, or leave it empty'
const link = 'write a whole address that begins with https://, or leave it empty'

/** What to do when a variable is missing or cannot be read. */
export const mends: Record<keyof Variables, string> = {
  DATABASE_URL: 'write it as postgresql://user:password@host:5432/database',
  WORKER_DATABASE_URL: 'write it as DATABASE_URL, to PostgreSQL itself, or leave it empty',
  NEXTAUTH_URL: 'write the public address of the portal, such as https://orcid.example.edu',
  NEXTAUTH_SECRET: newSecret,
  NEXTAUTH_SECRET_PREVIOUS: 'take over the NEXTAUTH_SECRET of before, or leave it empty',
  ORCID_REGISTRY: 'write production, sandbox or local',
  ORCID_ISSUER: 'leave it empty; with ORCID_REGISTRY=local write the address of the registry',
  ORCID_API_URL: 'leave it empty; with ORCID_REGISTRY=local write the address of its API, which ends in /v3.0',
  ORCID_CLIENT_ID: 'copy it from your client at ORCID, such as APP-0123456789ABCDEF',
  ORCID_CLIENT_SECRET: 'copy it from your client at ORCID',
  ORCID_RETIRED_CLIENTS: 'write id:secret, several separated by commas',
  ORCID_API: 'write member, or public for credentials of the Public API',
  ORCID_SCOPES: 'write scopes separated by spaces, or leave it empty',
  HTTPS_PROXY: 'write it as http://proxy.example.edu:3128, or leave it empty',
  NO_PROXY: 'write host names separated by commas',
  TOKEN_KEYS: 'write id:key, newest first, and make each key with openssl rand -base64 32 (docs/keys.md)',
  STAFF_ADMINS: 'write iDs such as 0000-0002-1825-0097, separated by commas',
  CHECK_EVERY_DAYS: 'write a whole number from 1 to 90',
  CONFIRM_WITHDRAWAL_HOURS: 'write a number from 24 to 720',
  RECORD_CACHE_MINUTES: 'write a whole number from 1 to 1440',
  WORKER: 'write inline, or none where npm run worker does the jobs',
  TRUSTED_PROXIES: 'write how many proxies stand in front, from 0 to 10',
  RATE_LIMITS: 'write entries such as start=60/2000, per person and per address, or leave it empty',
  INSTITUTION_NAME: 'write the name of the institution',
  INSTITUTION_URL: link,
  INSTITUTION_ACCENT: color,
  INSTITUTION_LOGO: logo,
  INSTITUTION_LOGO_DARK: logo,
  INSTITUTION_LANGUAGES: 'write names of files in messages, such as en es, or leave it empty',
  INSTITUTION_TIME_ZONE: 'write a name such as Europe/Madrid',
  INSTITUTION_ROR: 'write it as https://ror.org/ and nine characters (https://ror.org finds it)',
  INSTITUTION_CITY: 'write a shorter name',
  INSTITUTION_REGION: 'write a shorter name',
  INSTITUTION_COUNTRY: 'write the two capital letters of ISO 3166-1, such as ES',
  INSTITUTION_EMAIL_DOMAINS: 'write domains such as example.edu, separated by commas, or leave it empty',
  SUPPORT_EMAIL: 'write an address that people may write to, such as orcid@example.edu',
  PRIVACY_URL: link,
  ACCESSIBILITY_URL: link,
  TEXTS_DIR: 'write the path of a folder that is there, or leave it empty',
  LEDGER_FILE: 'write an absolute path in a folder that is there, on another disk than the database',
  METRICS_TOKEN: `${newSecret}, or leave it empty`,
  CRON_SECRET: `${newSecret}, or leave it empty`,
  LOG_LEVEL: 'write fatal, error, warn, info or silent',
}
