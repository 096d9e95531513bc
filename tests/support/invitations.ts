import { hashSecret, makeLinkToken } from '@/lib/crypto/secrets'
import type { stackPerFile } from '@/tests/support/stack-per-file'

type Fixture = Pick<ReturnType<typeof stackPerFile>, 'rows'>
type Person = Partial<
  Record<'local_id' | 'given_name' | 'family_name' | 'email' | 'known_orcid' | 'state', string | undefined>
>

/** Somebody on the roster, invited, with a personal link. */
export async function addInvited(
  { rows }: Fixture,
  { campaignId = null, ...person }: Person & { campaignId?: string | null } = {},
) {
  const all = {
    local_id: '0007',
    given_name: 'Josiah',
    family_name: 'Carberry',
    email: 'josiah@example.org',
    known_orcid: null,
    state: 'active',
    ...person,
  }
  const [added] = await rows(
    `insert into person (local_id, given_name, family_name, email, known_orcid, state, department, kind, origin)
     values ($1, $2, $3, $4, $5, $6::person_state, 'Physics', 'staff', 'imported') returning id`,
    Object.values(all),
  )
  const personId = String(added?.id)
  const [invitation] = await rows('insert into invitation (campaign_id, person_id) values ($1, $2) returning id', [
    campaignId,
    personId,
  ])
  const invitationId = String(invitation?.id)
  return { personId, invitationId, ...(await addLink({ rows }, invitationId, all.email)) }
}

/** Another link of an invitation. */
export async function addLink({ rows }: Fixture, invitationId: string, email: string | null = null) {
  const token = makeLinkToken()
  const [link] = await rows(
    `insert into invitation_link (invitation_id, token_hash, email, expires_at)
     values ($1, $2, lower($3), now() + interval '30 days') returning id`,
    [invitationId, hashSecret(token), email],
  )
  return { token, linkId: String(link?.id) }
}

/** A campaign that is open to anybody with its link. */
export async function addCampaign(
  { rows }: Fixture,
  { code = 'spring', scopes = ['/read-limited', '/activities/update'], state = 'open' } = {},
): Promise<string> {
  const [staff] = await rows(
    `insert into staff_member (orcid, role, origin) values ('0000-0099-5475-2774', 'admin', 'test')
     on conflict (orcid) do update set role = 'admin' returning id`,
  )
  const [campaign] = await rows(
    `insert into campaign (name, state, code, purpose, scopes, starts_on, ends_on, made_by_id)
     values ('Spring', $3::campaign_state, $1, 'For the annual report', $2, current_date - 2, current_date + 30, $4) returning id`,
    [code, scopes, state, staff?.id],
  )
  await rows(
    `insert into campaign_text (campaign_id, locale, why, reasons) values
      ($1, 'en', 'The annual report needs your publications.', '{"/read-limited": "to list your publications", "/activities/update": "to say that you work here"}'),
      ($1, 'es', 'La memoria anual necesita sus publicaciones.', '{"/read-limited": "para listar sus publicaciones", "/activities/update": "para decir que trabaja aquí"}')`,
    [campaign?.id],
  )
  return String(campaign?.id)
}
