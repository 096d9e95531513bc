/**
 * Whom a row lets in: everybody, everybody who is signed in, the first researcher alone, or the staff from this role upwards; exporters have the right
 * to export, which of the cast manager and administrator have.
 */
export type Audience = 'anybody' | 'signed-in' | 'owner' | 'viewer' | 'exporter' | 'manager' | 'admin'

/**
 * One page or route handler of the build, and what every kind of caller gets from it.
 *
 * `at` is an address of it; `{orcid}` and `{reference}` in it, and in `fields`, are those of the first researcher, so
 * that the second one asks for somebody else's; `{affiliation}` is an item of theirs, `{conflict}` one about both, `{roster}` and `{person}` somebody who never connected, `{batch}` an action for them,
 * `{draft}` nobody's draft; `{member}` is the viewer on the team, `{invitation}` and `{code}` are
 * those of an open link to join it. `audience` says who is let in. Everybody else gets 307 to `/sign-in` (a form: 303)
 * when they are not signed in, and 404 when their role does not suffice. `answer` is what those get who are let in
 * (status, and the path that a redirect leads to, `ORCID` for the registry); `stranger`, where people without a
 * session get something else, such as a page that keeps what they typed. `shows` says whose data the answer may hold besides the caller's own: nobody's, or everybody's to the
 * audience. Nobody else gets a byte of anybody's data: names, iDs, references, ids of rows.
 *
 * `limited`: staff who are limited to departments are let in too, as far as their role suffices. All others answer 404 to
 * them.
 *
 * A page answers GET, HEAD and POST alike, a route handler those in `methods` (its `Allow` must say the same) and 405
 * to the others. `machine` is for routes that people have no business at: everybody gets the same refusal.
 */
export type Row = {
  kind: 'page' | 'route'
  at: string
  audience: Audience
  methods: readonly ('GET' | 'HEAD' | 'POST')[]
  answer: string
  /** What a form gets, where that is something else. */
  posted?: string
  stranger?: string
  shows: 'nobody' | 'everybody'
  limited?: true
  /** What a form needs to be taken for one of ours: fields are parsed before anybody is asked who they are. */
  fields?: Record<string, string>
}

type More = Partial<Pick<Row, 'answer' | 'posted' | 'shows' | 'limited' | 'stranger' | 'methods' | 'fields'>>

const page = (at: string, audience: Audience, more: More = {}): Row => ({
  kind: 'page',
  at,
  audience,
  methods: ['GET', 'HEAD', 'POST'],
  answer: '200',
  shows: 'nobody',
  ...more,
})
const reads = (at: string, audience: Audience, more: More = {}): Row => ({
  ...page(at, audience, { methods: ['GET', 'HEAD'], ...more }),
  kind: 'route',
})
const form = (at: string, audience: Audience, answer: string, more: More = {}): Row => ({
  ...page(at, audience, { methods: ['POST'], answer, ...more }),
  kind: 'route',
})
/** As `reads`, for what asks a machine for a secret: `machine('/api/cron', '401')`. */
export const machine = (at: string, answer: string, more: More = {}): Row => reads(at, 'anybody', { answer, ...more })

/** Of the cast: somebody who never connected. */
export const rosterEntry = '00000000-0000-4000-8000-000000000001'
/** Of the cast: a draft of a campaign, to which the first researcher is invited. */
export const castCampaign = '00000000-0000-4000-8000-000000000002'
/** Of the cast: a system with a key. */
export const castSystem = '00000000-0000-4000-8000-000000000003'
/** Of the cast: files on a timetable for the system. */
export const castPlan = '00000000-0000-4000-8000-000000000004'
const nobodysTrial = '00000000-0000-4000-8000-000000000000'
const everybody = { shows: 'everybody' } as const
const limited = { limited: true } as const
/** To limited people, of the people of their departments. */
const everybodyOfTheirs = { ...everybody, ...limited } as const
const importStep = (step: string, audience: Audience, fields: Record<string, string> = {}) =>
  form(`/staff/import/${step}`, audience, `303 /staff/import/${nobodysTrial}`, {
    fields: { import: nobodysTrial, ...fields },
  })

export const table: Record<string, Row> = {
  '/page': page('/', 'anybody'),
  '/logo/route': reads('/logo', 'anybody'),
  '/privacy/roster/page': page('/privacy/roster', 'anybody'),
  '/link-preview/route': reads('/link-preview', 'anybody'),
  '/sign-in/page': page('/sign-in', 'anybody'),
  '/sign-in/again/page': page('/sign-in/again', 'viewer', { answer: '307 /staff', ...limited }),
  '/sign-in/second-factor/page': page('/sign-in/second-factor', 'viewer', { answer: '307 /staff', ...limited }),
  '/sign-out/route': form('/sign-out', 'anybody', '303 /'),
  '/preferences/route': form('/preferences', 'anybody', '303 /'),

  '/api/auth/callback/orcid/route': reads('/api/auth/callback/orcid', 'anybody', {
    answer: '303 /connect/nothing-came-back',
    methods: ['GET'],
  }),
  '/metrics/route': machine('/metrics', '404'),
  '/api/jobs/route': machine('/api/jobs', '404'),
  '/api/health/live/route': reads('/api/health/live', 'anybody'),
  '/api/health/ready/route': reads('/api/health/ready', 'anybody'),

  // Its own tests are about its methods and keys: tests/integration/api*.test.ts.
  '/api/v1/[[...path]]/route': machine('/api/v1/people', '401'),
  '/developers/page': page('/developers', 'anybody'),
  '/api/mail/bounces/route': form('/api/mail/bounces', 'anybody', '404'),
  '/unsubscribe/page': page('/unsubscribe', 'anybody'),
  '/unsubscribe/mail/route': reads(`/unsubscribe/mail?m=${nobodysTrial}&s=forged`, 'anybody', {
    methods: ['GET', 'HEAD', 'POST'],
    answer: '303 /unsubscribe',
    posted: '200',
    fields: { 'List-Unsubscribe': 'One-Click' },
  }),
  '/unsubscribe/choice/route': form('/unsubscribe/choice', 'anybody', '303 /unsubscribe', {
    fields: { m: nobodysTrial, s: 'forged', choice: 'asking' },
  }),

  '/connect/page': page('/connect', 'anybody'),
  '/connect/start/route': form('/connect/start', 'anybody', '303 ORCID'),
  '/connect/from-orcid/route': reads('/connect/from-orcid?code=AbC123', 'anybody', {
    answer: '303 /connect/sent-by-orcid',
  }),
  '/connect/not-me/page': page('/connect/not-me', 'signed-in'),
  '/connect/not-me/start/route': form('/connect/not-me/start', 'anybody', '303 ORCID', { stranger: '303 /' }),
  '/connect/in-progress/page': page('/connect/in-progress?ref={reference}', 'anybody'),
  '/connect/in-progress/check/route': reads('/connect/in-progress/check', 'anybody', {
    answer: '303 /connect/expired',
  }),
  '/connect/[outcome]/page': page('/connect/denied?ref={reference}', 'anybody'),
  '/connect/connected/page': page('/connect/connected?ref={reference}', 'signed-in'),
  '/connect/updated/page': page('/connect/updated?ref={reference}', 'signed-in', { answer: '307 /me' }),
  '/connect/already-connected/page': page('/connect/already-connected', 'signed-in', { answer: '307 /me' }),
  '/connect/fewer/page': page('/connect/fewer', 'signed-in', { answer: '307 /me' }),
  '/connect/different-id/page': page('/connect/different-id', 'signed-in', { answer: '307 /me' }),

  '/join/page': page('/join', 'anybody'),
  '/join/start/route': form('/join/start', 'anybody', '303 ORCID', { fields: { code: '{code}' } }),
  '/join/over/page': page('/join/over', 'anybody'),

  '/c/[code]/page': page('/c/nobodys', 'anybody'),
  '/c/start/route': form('/c/start', 'anybody', '303 /c/nobodys', { fields: { code: 'nobodys' } }),
  '/i/page': page('/i', 'anybody'),
  '/i/[token]/page': page('/i/nobodys', 'anybody'),
  '/i/noted/page': page('/i/noted?what=not-me', 'anybody'),
  '/i/start/route': form('/i/start', 'anybody', '303 /i', { fields: { token: 'nobodys' } }),
  '/i/not-me/route': form('/i/not-me', 'anybody', '303 /i/noted', { fields: { token: 'nobodys' } }),
  '/i/keep/route': form('/i/keep', 'anybody', '303 /i', { fields: { token: 'nobodys' } }),
  '/i/new-link/route': form('/i/new-link', 'anybody', '303 /i', { fields: { token: 'nobodys' } }),
  '/i/do-not-ask/route': form('/i/do-not-ask', 'anybody', '303 /i', { fields: { token: 'nobodys' } }),
  '/connect/at-desk/page': page('/connect/at-desk', 'anybody'),

  '/erased/page': page('/erased', 'anybody', { answer: '307 /me', stranger: '200' }),
  '/me/page': page('/me', 'signed-in'),
  '/me/data/route': reads('/me/data', 'signed-in'),
  '/me/receipts/[reference]/page': page('/me/receipts/{reference}', 'owner'),
  '/me/receipts/[reference]/json-ld/route': reads('/me/receipts/{reference}/json-ld', 'owner'),
  '/me/record/page': page('/me/record', 'signed-in'),
  '/me/allow/route': form('/me/allow', 'signed-in', '303 /me/narrow'),
  '/me/narrow/page': page('/me/narrow', 'signed-in'),
  '/me/narrowing/route': form('/me/narrowing', 'signed-in', '303 /me/narrow'),
  '/me/narrowed/page': page('/me/narrowed?result=narrowed', 'signed-in'),
  '/me/withdraw/page': page('/me/withdraw', 'signed-in'),
  '/me/withdrawal/route': form('/me/withdrawal', 'signed-in', '303 /me/withdrawn'),
  '/me/withdrawn/page': page('/me/withdrawn', 'signed-in', { answer: '307 /me' }),
  '/me/sessions/end/route': form('/me/sessions/end', 'signed-in', '303 /me', { fields: { session: 'others' } }),
  '/me/affiliations/removal/route': form('/me/affiliations/removal', 'signed-in', '303 /me', {
    fields: { affiliation: '{affiliation}' },
  }),
  // Nobody in the matrix is taken for anybody on the roster.
  '/me/person/confirm/route': form('/me/person/confirm', 'signed-in', '303 /me', { fields: { person: '{draft}' } }),
  '/me/person/refuse/route': form('/me/person/refuse', 'signed-in', '303 /me/person/refused', {
    fields: { person: '{draft}' },
  }),
  '/me/person/refused/page': page('/me/person/refused', 'signed-in', { answer: '307 /me' }),
  '/me/person/remove-items/route': form('/me/person/remove-items', 'signed-in', '303 /me/person/refused'),
  '/me/items/put-back/route': form('/me/items/put-back', 'signed-in', '303 /me', {
    fields: { affiliation: '{affiliation}' },
  }),
  '/me/works/page': page('/me/works', 'signed-in'),
  '/me/works/answer/route': form('/me/works/answer', 'signed-in', '303 /me/works', {
    fields: { work: 'all', answer: 'add' },
  }),
  '/me/works/preference/route': form('/me/works/preference', 'signed-in', '303 /me/works', {
    fields: { preference: 'ask' },
  }),
  '/me/systems/page': page('/me/systems', 'signed-in'),
  '/me/systems/one/page': page('/me/systems/one', 'signed-in', { answer: '307 /me/systems' }),
  '/me/systems/stop/route': form('/me/systems/stop', 'signed-in', '303 /me/systems', {
    fields: { system: castSystem, kind: 'paused' },
  }),
  '/me/systems/again/route': form('/me/systems/again', 'signed-in', '303 /me/systems', {
    fields: { system: castSystem },
  }),
  // A client's id and secret let a system in: a session does not count.
  '/oauth/token/route': form('/oauth/token', 'anybody', '401', {
    fields: { grant_type: 'client_credentials', client_id: nobodysTrial, client_secret: 'wrong' },
  }),
  // Off unless MAIS_API is set: api-mais.test.ts.
  '/oauth2/token/route': form('/oauth2/token', 'anybody', '404'),
  '/orcid/v1/[...path]/route': machine('/orcid/v1/users', '404'),
  '/me/erase/page': page('/me/erase', 'signed-in'),
  '/me/erase/confirm/page': page('/me/erase/confirm', 'signed-in'),
  '/me/erasure/route': form('/me/erasure', 'signed-in', '303 /erased', { fields: { sure: 'yes' } }),

  '/staff/page': page('/staff', 'viewer', everybodyOfTheirs),
  '/staff/[...path]/page': page('/staff/no-such-page', 'viewer', { answer: '404', ...limited }),
  '/staff/conflicts/page': page('/staff/conflicts', 'viewer', everybody),
  '/staff/conflicts/[conflict]/page': page('/staff/conflicts/{conflict}', 'viewer', everybody),
  '/staff/conflicts/decision/route': form('/staff/conflicts/decision', 'manager', '303 /staff/conflicts', {
    stranger: '403',
    fields: { conflict: '{draft}', resolution: 'kept' },
  }),
  '/staff/conflicts/reopening/route': form('/staff/conflicts/reopening', 'manager', '303 /staff/conflicts', {
    stranger: '403',
    fields: { conflict: '{draft}', reason: 'A mistake' },
  }),
  '/staff/conflicts/confirmation/route': form('/staff/conflicts/confirmation', 'manager', '303 /staff/conflicts'),
  '/staff/conflicts/opening/route': form('/staff/conflicts/opening', 'manager', '303 /staff/conflicts', {
    fields: { person: '{draft}', local_id: '0007' },
  }),
  '/staff/conflicts/split/route': form('/staff/conflicts/split', 'manager', '303 /staff/conflicts', {
    fields: { person: '{draft}', reason: 'A mistake' },
  }),
  '/staff/departments/page': page('/staff/departments', 'viewer', limited),
  '/staff/departments/unit/page': page('/staff/departments/unit?department=Science+/+Physics', 'viewer', limited),
  '/staff/figures/page': page('/staff/figures', 'viewer', everybody),
  '/staff/summary/page': page('/staff/summary', 'viewer', limited),
  '/staff/summary/file/route': reads('/staff/summary/file', 'viewer', { answer: '400', ...limited }),
  '/staff/attention/page': page('/staff/attention', 'viewer', everybody),
  '/staff/attention/change/route': form('/staff/attention/change', 'manager', '303 /staff/attention', {
    fields: { item: 'conflicts', action: 'take' },
  }),
  '/staff/attempts/page': page('/staff/attempts', 'viewer', everybody),
  '/staff/search/page': page('/staff/search', 'viewer', everybodyOfTheirs),
  '/staff/audit/page': page('/staff/audit', 'manager', everybody),
  '/staff/audit/export/route': reads('/staff/audit/export?format=csv', 'admin', everybody),
  '/staff/campaigns/mail/page': page('/staff/campaigns/mail', 'viewer', everybody),
  '/staff/campaigns/mail/switch/route': form('/staff/campaigns/mail/switch', 'manager', '303 /staff/campaigns/mail', {
    fields: { to: 'go', sure: 'yes' },
  }),
  '/staff/campaigns/mail/again/route': form('/staff/campaigns/mail/again', 'manager', '303 /staff/campaigns/mail', {
    fields: { mail: nobodysTrial },
  }),
  '/staff/campaigns/page': page('/staff/campaigns', 'viewer'),
  '/staff/campaigns/new/page': page('/staff/campaigns/new', 'manager'),
  '/staff/campaigns/[id]/page': page(`/staff/campaigns/${castCampaign}`, 'viewer'),
  '/staff/campaigns/[id]/edit/page': page(`/staff/campaigns/${castCampaign}/edit`, 'manager'),
  '/staff/campaigns/[id]/open/page': page(`/staff/campaigns/${castCampaign}/open`, 'admin', everybody),
  '/staff/campaigns/[id]/missing/page': page(`/staff/campaigns/${castCampaign}/missing`, 'viewer'),
  '/staff/campaigns/people/export/route': reads(
    `/staff/campaigns/people/export?campaign=${castCampaign}&format=csv`,
    'exporter',
    everybody,
  ),
  '/staff/campaigns/[id]/people/page': page(`/staff/campaigns/${castCampaign}/people`, 'viewer', everybody),
  '/staff/campaigns/drafting/route': form('/staff/campaigns/drafting', 'manager', '303 /staff/campaigns/new', {
    stranger: '403',
    fields: { name: '' },
  }),
  '/staff/campaigns/change/route': form('/staff/campaigns/change', 'manager', '303 /staff/campaigns', {
    stranger: '403',
    fields: { campaign: nobodysTrial },
  }),
  '/staff/campaigns/opening/route': form('/staff/campaigns/opening', 'admin', '303 /staff/campaigns', {
    fields: { campaign: nobodysTrial, number: '1' },
  }),
  '/staff/campaigns/test-mail/route': form(
    '/staff/campaigns/test-mail',
    'admin',
    `303 /staff/campaigns/${nobodysTrial}`,
    { fields: { campaign: nobodysTrial, address: 'me@example.org', locale: 'en' } },
  ),
  '/staff/campaigns/informed/route': form(
    '/staff/campaigns/informed',
    'admin',
    `303 /staff/campaigns/${nobodysTrial}`,
    { fields: { campaign: nobodysTrial, informed: 'By letter' } },
  ),
  '/staff/campaigns/state/route': form('/staff/campaigns/state', 'manager', `303 /staff/campaigns/${nobodysTrial}`, {
    fields: { campaign: nobodysTrial, action: 'pause' },
  }),
  '/staff/campaigns/mailing/route': form('/staff/campaigns/mailing', 'manager', '303 /staff/campaigns', {
    fields: { mailing: nobodysTrial, action: 'stop' },
  }),
  '/staff/campaigns/merge/route': form('/staff/campaigns/merge', 'exporter', '303 /staff/campaigns', {
    fields: { campaign: nobodysTrial, format: 'csv' },
  }),
  '/staff/settings/page': page('/staff/settings', 'admin'),
  '/staff/settings/entry/route': form('/staff/settings/entry', 'admin', '303 /staff/settings', {
    stranger: '403',
    fields: { section: 'contact', SUPPORT_EMAIL: '' },
  }),
  '/staff/settings/logo/route': form('/staff/settings/logo', 'admin', '303 /staff/settings', {
    fields: { logo: 'INSTITUTION_LOGO' },
  }),
  '/staff/systems/page': page('/staff/systems', 'admin'),
  '/staff/systems/new/page': page('/staff/systems/new', 'admin'),
  '/staff/systems/[id]/page': page(`/staff/systems/${castSystem}`, 'admin', everybody),
  '/staff/systems/[id]/edit/page': page(`/staff/systems/${castSystem}/edit`, 'admin'),
  '/staff/systems/[id]/files/page': page(`/staff/systems/${castSystem}/files`, 'admin'),
  '/staff/systems/[id]/files/new/page': page(`/staff/systems/${castSystem}/files/new`, 'admin'),
  '/staff/systems/[id]/files/[plan]/page': page(`/staff/systems/${castSystem}/files/${castPlan}`, 'admin'),
  '/staff/systems/[id]/files/[plan]/edit/page': page(`/staff/systems/${castSystem}/files/${castPlan}/edit`, 'admin'),
  '/staff/systems/files/entry/route': form(
    '/staff/systems/files/entry',
    'admin',
    `303 /staff/systems/${castSystem}/files/new`,
    {
      stranger: '403',
      fields: { system: castSystem },
    },
  ),
  '/staff/systems/files/change/route': form(
    '/staff/systems/files/change',
    'admin',
    `303 /staff/systems/${castSystem}/files/${castPlan}`,
    {
      fields: { system: castSystem, plan: castPlan, action: 'end' },
    },
  ),
  '/staff/systems/[id]/events/page': page(`/staff/systems/${castSystem}/events`, 'admin'),
  '/staff/systems/webhook/route': form('/staff/systems/webhook', 'admin', '303 /staff/systems', {
    stranger: '403',
    fields: { system: nobodysTrial, action: 'secret' },
  }),
  '/staff/systems/events/route': form('/staff/systems/events', 'admin', `303 /staff/systems/${nobodysTrial}/events`, {
    fields: { system: nobodysTrial, action: 'off' },
  }),
  '/staff/systems/key/page': page('/staff/systems/key', 'admin', { answer: '307 /staff/systems' }),
  '/staff/systems/entry/route': form('/staff/systems/entry', 'admin', '303 /staff/systems/new', {
    stranger: '403',
    fields: { name: '' },
  }),
  '/staff/systems/state/route': form('/staff/systems/state', 'admin', `303 /staff/systems/${nobodysTrial}`, {
    fields: { system: nobodysTrial, action: 'stop', sure: 'yes' },
  }),
  '/staff/systems/keys/route': form('/staff/systems/keys', 'admin', '303 /staff/systems', {
    stranger: '403',
    fields: { system: nobodysTrial, name: 'first', kind: 'key' },
  }),
  '/staff/systems/revocation/route': form('/staff/systems/revocation', 'admin', `303 /staff/systems/${nobodysTrial}`, {
    fields: { system: nobodysTrial, key: nobodysTrial, sure: 'yes' },
  }),
  '/staff/leavers/page': page('/staff/leavers', 'viewer', everybody),
  '/staff/leavers/approval/route': form('/staff/leavers/approval', 'admin', '303 /staff/leavers', {
    fields: { sure: 'yes' },
  }),
  '/staff/leavers/last-day/route': form(
    '/staff/leavers/last-day',
    'manager',
    `303 /staff/people/${rosterEntry}/last-day`,
    {
      ...limited,
      stranger: '403',
      fields: { person: '{roster}', last_day: '' },
    },
  ),
  '/staff/people/[person]/last-day/page': page('/staff/people/{roster}/last-day', 'manager', everybodyOfTheirs),
  '/staff/people/[person]/invite/page': page('/staff/people/{roster}/invite', 'manager', everybody),
  '/staff/people/invite/route': form('/staff/people/invite', 'manager', `303 /staff/people/${nobodysTrial}/invite`, {
    fields: { person: '{draft}' },
  }),
  '/staff/people/ask/route': form('/staff/people/ask', 'manager', `303 /staff/people/${nobodysTrial}`, {
    fields: { person: '{draft}' },
  }),
  '/staff/people/invite/revocation/route': form(
    '/staff/people/invite/revocation',
    'manager',
    `303 /staff/people/${nobodysTrial}/invite`,
    { fields: { person: '{draft}' } },
  ),
  '/staff/people/wrong-links/page': page('/staff/people/wrong-links', 'manager', everybody),
  // Nobody in the matrix has a campaign.
  '/staff/campaigns/[id]/link/page': page(`/staff/campaigns/${nobodysTrial}/link`, 'viewer', { answer: '404' }),
  '/staff/campaigns/[id]/link/qr/route': reads(`/staff/campaigns/${nobodysTrial}/link/qr`, 'viewer', { answer: '400' }),
  '/staff/people/[person]/privacy/page': page('/staff/people/{roster}/privacy', 'admin', everybody),
  '/staff/people/[person]/privacy/data/route': reads('/staff/people/{roster}/privacy/data', 'admin', everybody),
  '/staff/privacy/page': page('/staff/privacy', 'admin'),
  '/staff/privacy/look-up/route': form('/staff/privacy/look-up', 'admin', '303 /staff/privacy', {
    fields: { who: 'nobody-has-this' },
  }),
  '/staff/privacy/lift/route': form('/staff/privacy/lift', 'admin', '303 /staff/privacy', {
    fields: { who: 'nobody-has-this', sure: 'yes' },
  }),
  '/staff/privacy/erasure/route': form('/staff/privacy/erasure', 'admin', '303 /staff/privacy', {
    fields: { person: '{draft}', reason: 'asked', sure: 'yes' },
  }),
  '/staff/affiliations/page': page('/staff/affiliations', 'viewer', everybody),
  '/staff/affiliations/[affiliation]/page': page('/staff/affiliations/{affiliation}', 'viewer', everybody),
  '/staff/affiliations/[affiliation]/edit/page': page('/staff/affiliations/{affiliation}/edit', 'manager', everybody),
  '/staff/affiliations/[affiliation]/delete/page': page(
    '/staff/affiliations/{affiliation}/delete',
    'manager',
    everybody,
  ),
  // A draft is there for the one who made it; nobody in the matrix has.
  '/staff/affiliations/preview/page': page('/staff/affiliations/preview?draft={draft}', 'manager', { answer: '404' }),
  '/staff/affiliations/confirm/page': page('/staff/affiliations/confirm', 'admin', everybody),
  '/staff/affiliations/export/route': reads('/staff/affiliations/export?format=csv', 'exporter', everybody),
  '/staff/affiliations/entry/route': form('/staff/affiliations/entry', 'manager', '303 /staff/affiliations', {
    stranger: '403',
    fields: { affiliation: '{draft}' },
  }),
  '/staff/affiliations/apply/route': form('/staff/affiliations/apply', 'manager', '303 /staff/affiliations', {
    fields: { draft: '{draft}' },
  }),
  '/staff/affiliations/removal/route': form('/staff/affiliations/removal', 'manager', '303 /staff/affiliations', {
    fields: { affiliation: '{affiliation}' },
  }),
  '/staff/affiliations/retry/route': form('/staff/affiliations/retry', 'manager', '303 /staff/affiliations', {
    fields: { affiliation: '{affiliation}' },
  }),
  '/staff/affiliations/confirmation/route': form(
    '/staff/affiliations/confirmation',
    'admin',
    '303 /staff/affiliations',
    {
      fields: { affiliation: '{affiliation}', sure: 'yes' },
    },
  ),
  '/staff/campaigns/suppressions/page': page('/staff/campaigns/suppressions', 'manager', everybody),
  '/staff/campaigns/suppressions/address/route': form(
    '/staff/campaigns/suppressions/address',
    'manager',
    '303 /staff/campaigns/suppressions',
    { fields: { address: 'somebody@example.org', do: 'find' } },
  ),
  '/staff/campaigns/suppressions/removal/route': form(
    '/staff/campaigns/suppressions/removal',
    'manager',
    '303 /staff/campaigns/suppressions',
    { fields: { entry: '{draft}', sure: 'yes' } },
  ),
  '/staff/import/page': page('/staff/import', 'manager', everybody),
  '/staff/import/[import]/page': page(`/staff/import/${nobodysTrial}`, 'manager', { answer: '404' }),
  '/staff/import/upload/route': form('/staff/import/upload', 'manager', '303 /staff/import'),
  '/staff/import/reading/route': importStep('reading', 'manager'),
  '/staff/import/decision/route': importStep('decision', 'manager', { decision: 'same' }),
  '/staff/import/saving/route': importStep('saving', 'manager'),
  '/staff/import/confirmation/route': importStep('confirmation', 'admin'),
  '/staff/import/discarding/route': importStep('discarding', 'manager'),
  '/staff/import/undoing/route': importStep('undoing', 'manager'),
  '/staff/import/written/route': importStep('written', 'manager', { sure: 'yes' }),
  '/staff/import/release/route': importStep('release', 'admin'),
  '/staff/import/refused/route': reads('/staff/import/refused', 'manager', { answer: '400' }),
  '/staff/import/template/route': reads('/staff/import/template', 'manager'),
  '/staff/jobs/page': page('/staff/jobs', 'manager'),
  '/staff/health/page': page('/staff/health', 'manager'),
  '/staff/jobs/again/route': form('/staff/jobs/again', 'manager', '303 /staff/jobs', { fields: { job: '1' } }),
  '/staff/exports/page': page('/staff/exports', 'exporter', everybody),
  '/staff/exports/cancel/route': form('/staff/exports/cancel', 'exporter', '303 /staff/exports', {
    fields: { run: '{draft}' },
  }),
  '/staff/researchers/[orcid]/affiliation/page': page('/staff/researchers/{orcid}/affiliation', 'manager', everybody),
  '/staff/attempts/[reference]/page': page('/staff/attempts/{reference}', 'viewer', everybodyOfTheirs),
  '/staff/attempts/unknown/page': page('/staff/attempts/unknown?reference=aaaa', 'viewer', limited),
  '/staff/attempts/look-up/route': reads('/staff/attempts/look-up?reference=aaaa+aaaa', 'viewer', {
    ...limited,
    answer: '303 /staff/attempts/unknown',
  }),
  '/staff/people/page': page('/staff/people', 'viewer', everybodyOfTheirs),
  '/staff/people/new/page': page('/staff/people/new', 'manager', everybody),
  '/staff/people/[person]/page': page('/staff/people/{person}', 'viewer', everybodyOfTheirs),
  '/staff/people/[person]/edit/page': page('/staff/people/{person}/edit', 'manager', everybody),
  '/staff/people/[person]/affiliation/page': page('/staff/people/{person}/affiliation', 'manager', everybody),
  '/staff/people/entry/route': form('/staff/people/entry', 'manager', '303 /staff/people/new', {
    ...everybody,
    stranger: '403',
    fields: { kind: 'staff' },
  }),
  '/staff/people/views/route': form('/staff/people/views', 'viewer', '303 /staff/people', {
    ...limited,
    fields: { name: 'Leavers', filters: 'state=leaving' },
  }),
  '/staff/people/views/removal/route': form('/staff/people/views/removal', 'viewer', '303 /staff/people', {
    ...limited,
    fields: { view: '{draft}' },
  }),
  '/staff/people/export/route': reads('/staff/people/export?format=csv&all=yes', 'exporter', everybodyOfTheirs),
  '/staff/people/bulk/page': page('/staff/people/bulk?do=mark_leaving&all=yes', 'manager', everybody),
  '/staff/people/batches/page': page('/staff/people/batches', 'manager', everybody),
  '/staff/people/batches/[batch]/page': page('/staff/people/batches/{batch}', 'manager', everybody),
  '/staff/people/binding/route': form('/staff/people/binding', 'manager', '303 /staff/people'),
  '/staff/people/batches/plan/route': form('/staff/people/batches/plan', 'manager', '303 /staff/people/bulk', {
    fields: { do: 'mark_leaving', selection: 'all=yes', day: 'soon' },
  }),
  '/staff/people/batches/run/route': form(
    '/staff/people/batches/run',
    'manager',
    `303 /staff/people/batches/${nobodysTrial}`,
    {
      fields: { batch: '{draft}' },
    },
  ),
  '/staff/people/batches/undo/route': form(
    '/staff/people/batches/undo',
    'manager',
    `303 /staff/people/batches/${nobodysTrial}`,
    { fields: { batch: '{draft}' } },
  ),
  '/staff/researchers/page': page('/staff/researchers', 'viewer', everybodyOfTheirs),
  '/staff/researchers/[orcid]/page': page('/staff/researchers/{orcid}', 'viewer', everybodyOfTheirs),
  '/staff/researchers/[orcid]/record/page': page('/staff/researchers/{orcid}/record', 'manager', everybody),
  '/staff/researchers/export/route': reads('/staff/researchers/export?format=csv', 'exporter', everybodyOfTheirs),
  '/staff/researchers/[orcid]/erase/page': page('/staff/researchers/{orcid}/erase', 'admin', everybody),
  '/staff/researchers/check/route': form(
    '/staff/researchers/check',
    'viewer',
    '303 /staff/researchers/0000-0099-9458-0735',
    {
      ...everybody,
      fields: { orcid: '{orcid}' },
    },
  ),
  '/staff/researchers/erasure/route': form('/staff/researchers/erasure', 'admin', '303 /staff/researchers/erased', {
    fields: { orcid: '{orcid}', reason: 'asked', sure: 'yes' },
  }),
  '/staff/researchers/note/route': form(
    '/staff/researchers/note',
    'manager',
    '303 /staff/researchers/0000-0099-9458-0735',
    { ...everybody, stranger: '403', fields: { orcid: '{orcid}', text: 'Called on Monday' } },
  ),
  '/staff/researchers/note/removal/route': form(
    '/staff/researchers/note/removal',
    'manager',
    '303 /staff/researchers/0000-0099-9458-0735',
    { ...everybody, fields: { orcid: '{orcid}', note: '{draft}' } },
  ),
  '/staff/researchers/details/route': form(
    '/staff/researchers/details',
    'manager',
    '303 /staff/researchers/0000-0099-9458-0735',
    { ...everybody, stranger: '403', fields: { orcid: '{orcid}', department: 'Physics', local_id: 'hr-1' } },
  ),
  '/staff/researchers/erased/page': page('/staff/researchers/erased', 'admin'),
  '/staff/restored/page': page('/staff/restored', 'viewer'),
  '/staff/restored/release/route': form('/staff/restored/release', 'admin', '303 /staff/restored', {
    fields: { sure: 'yes' },
  }),
  '/staff/failovers/acknowledge/route': form('/staff/failovers/acknowledge', 'admin', '303 /staff', {
    fields: { failover: nobodysTrial },
  }),
  '/staff/sessions/page': page('/staff/sessions', 'viewer', limited),
  '/staff/try/page': page('/staff/try', 'admin'),
  '/staff/try/start/route': form('/staff/try/start', 'admin', '303 /staff/try'),
  '/staff/try/exchange/route': form('/staff/try/exchange', 'admin', '303 /staff/try', {
    fields: { trial: nobodysTrial },
  }),
  '/staff/try/call/route': form('/staff/try/call', 'admin', '303 /staff/try', {
    fields: { trial: nobodysTrial, use: 'read' },
  }),
  '/staff/try/end/route': form('/staff/try/end', 'admin', '303 /staff/try', { fields: { trial: nobodysTrial } }),
  '/staff/campaigns/texts/page': page('/staff/campaigns/texts', 'viewer'),
  '/staff/campaigns/texts/[key]/page': page('/staff/campaigns/texts/invitation', 'viewer'),
  '/staff/campaigns/texts/entry/route': form('/staff/campaigns/texts/entry', 'manager', '303 /staff/campaigns/texts', {
    stranger: '403',
    fields: { template: 'gone', locale: 'en' },
  }),
  '/staff/campaigns/texts/preview/route': form(
    '/staff/campaigns/texts/preview',
    'manager',
    '303 /staff/campaigns/texts',
    { fields: { template: 'gone', locale: 'gone' } },
  ),
  '/staff/campaigns/texts/reset/route': form('/staff/campaigns/texts/reset', 'manager', '303 /staff/campaigns/texts', {
    fields: { template: 'gone', locale: 'en', sure: 'yes' },
  }),
  '/staff/campaigns/texts/own/route': form('/staff/campaigns/texts/own', 'manager', '303 /staff/campaigns/texts', {
    stranger: '403',
    fields: { name: '-', from: 'gone' },
  }),
  '/staff/campaigns/texts/removal/route': form(
    '/staff/campaigns/texts/removal',
    'manager',
    '303 /staff/campaigns/texts',
    { fields: { template: 'gone', sure: 'yes' } },
  ),
  '/staff/campaigns/texts/test/route': form('/staff/campaigns/texts/test', 'manager', '303 /staff/campaigns/texts', {
    fields: { template: 'gone', locale: 'en', address: 'a@example.edu' },
  }),
  '/staff/team/page': page('/staff/team', 'viewer', everybodyOfTheirs),
  '/staff/team/[member]/page': page('/staff/team/{member}', 'admin', everybody),
  '/staff/team/role/route': form('/staff/team/role', 'admin', '303 /staff/team', {
    fields: { member: '{member}', role: 'manager' },
  }),
  '/staff/team/removal/route': form('/staff/team/removal', 'admin', '303 /staff/team', {
    fields: { member: '{member}' },
  }),
  '/staff/team/invitations/route': form('/staff/team/invitations', 'admin', '303 /staff/team/invitations/link', {
    stranger: '403',
    fields: { role: 'viewer' },
  }),
  '/staff/team/invitations/link/page': page('/staff/team/invitations/link', 'admin', { answer: '307 /staff/team' }),
  '/staff/team/invitations/withdrawal/route': form('/staff/team/invitations/withdrawal', 'admin', '303 /staff/team', {
    fields: { invitation: '{invitation}' },
  }),
}

/** Server actions, as `file#name`, with whom they let in. There are none: forms are plain (decision 015). */
export const actions: Record<string, Audience> = {}
