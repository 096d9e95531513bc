import 'server-only'
import { type Audience, listAddressedLanguages } from '@/lib/campaigns/audience'
import { isStanding, type PlacedStep } from '@/lib/campaigns/campaign'
import type { Campaign } from '@/lib/campaigns/queries'
import { isPermission, reasonField, scopeField, stepField, whyField } from '@/lib/campaigns/schema'
import { toDay } from '@/lib/config/day'
import { env } from '@/lib/config/env'
import { findTextFaults, getMailText, hasMailText, listTemplates, type TextFault } from '@/lib/mail/templates'
import { findAskingToPublish } from '@/lib/texts/asking-to-publish'

export const missingKinds = [
  'name',
  'purpose',
  'permission',
  'scope',
  'why',
  'reason',
  'visibility',
  'end',
  'end_past',
  'audience',
  'steps',
  'mail',
  'template',
  'template_text',
  'template_faults',
  'privacy',
  'informed',
] as const
export type MissingKind = (typeof missingKinds)[number]

/** Something without which a campaign cannot be opened, and where it is mended. */
export type Missing = {
  kind: MissingKind
  href: string
  /** Of the form, if it is mended there. */
  field?: string
  locale?: string
  scope?: string
  template?: string
}

/** The scopes besides the iD that our credentials may ask for. */
export const listAskableScopes = (): string[] =>
  env().orcid.api === 'member' ? env().orcid.scopes.filter(isPermission) : []

/** What is missing before a campaign can be opened, in the order of its form. Empty: it can be. */
export async function findMissing(
  campaign: Campaign,
  audience: Pick<Audience, 'recipients'> | null,
): Promise<Missing[]> {
  const languages = await listAddressedLanguages(campaign)
  return [
    ...findMissingOfForm(campaign, languages),
    ...findMissingOfAudience(campaign, audience),
    ...(campaign.mailMerge ? [] : await findMissingOfSteps(campaign, languages)),
    ...findMissingElsewhere(campaign),
  ]
}

const editHref = ({ id }: Campaign, field: string) => `/staff/campaigns/${id}/edit#${field}`

function findMissingOfForm(campaign: Campaign, languages: readonly string[]): Missing[] {
  const { name, purpose, scopes, texts, endsOn } = campaign
  const inForm = (kind: MissingKind, field: string, more: Partial<Missing> = {}): Missing => ({
    kind,
    field,
    href: editHref(campaign, field),
    ...more,
  })
  const found: Missing[] = []
  if (!name) found.push(inForm('name', 'name'))
  if (!purpose) found.push(inForm('purpose', 'purpose'))
  const askable = listAskableScopes()
  const firstScope = askable[0]
  if (!isStanding(campaign) && scopes.length === 0 && firstScope)
    found.push(inForm('permission', scopeField(firstScope)))
  for (const scope of scopes) {
    if (!askable.includes(scope)) found.push(inForm('scope', 'permissions', { scope }))
  }
  for (const locale of languages) {
    const text = texts.find((each) => each.locale === locale)
    if (!text?.why) found.push(inForm('why', whyField(locale), { locale }))
    else if (findAskingToPublish(text.why)) found.push(inForm('visibility', whyField(locale), { locale }))
    for (const scope of scopes) {
      const field = reasonField(locale, scope)
      const reason = text?.reasons[scope] ?? ''
      if (!reason) found.push(inForm('reason', field, { locale, scope }))
      else if (findAskingToPublish(reason)) found.push(inForm('visibility', field, { locale, scope }))
    }
  }
  if (!endsOn) {
    if (!isStanding(campaign)) found.push(inForm('end', 'endsOn'))
  } else if (endsOn < toDay(new Date())) {
    found.push(inForm('end_past', 'endsOn'))
  }
  return found
}

function findMissingOfAudience(campaign: Campaign, audience: Pick<Audience, 'recipients'> | null): Missing[] {
  // Those whom a standing campaign asks may come later.
  if (campaign.audience === null || isStanding(campaign) || audience === null || audience.recipients > 0) return []
  return [{ kind: 'audience', field: 'who', href: editHref(campaign, 'who') }]
}

async function findMissingOfSteps(campaign: Campaign, languages: readonly string[]): Promise<Missing[]> {
  const { audience, steps } = campaign
  if (audience === null) return []
  const found: Missing[] = []
  if (!env().mail) found.push({ kind: 'mail', field: 'mailMerge', href: editHref(campaign, 'mailMerge') })
  const [first] = steps
  if (!first) {
    const field = stepField(1, 'template')
    found.push({ kind: 'steps', field, href: editHref(campaign, field) })
  }
  const templates = await listTemplates()
  for (const step of steps) {
    const basedOn = templates.find(({ key }) => key === step.template)?.basedOn
    if (basedOn === undefined) {
      const field = stepField(step.place, 'template')
      found.push({ kind: 'template', field, href: editHref(campaign, field), template: step.template })
    } else found.push(...(await findMissingOfTemplate({ ...step, basedOn }, languages)))
  }
  const seen = new Set<string>()
  return found.filter(({ kind, template = '', locale = '', field = '' }) => {
    const key = [kind, template, locale, field].join(' ')
    return !seen.has(key) && Boolean(seen.add(key))
  })
}

async function findMissingOfTemplate(
  { template, basedOn }: PlacedStep & { basedOn: string },
  languages: readonly string[],
): Promise<Missing[]> {
  const found: Missing[] = []
  for (const locale of languages) {
    const href = `/staff/campaigns/texts/${encodeURIComponent(template)}?locale=${encodeURIComponent(locale)}`
    if (!(await hasMailText(template, locale))) {
      found.push({ kind: 'template_text', href, template, locale })
      continue
    }
    const text = await getMailText(template, locale)
    const faults: TextFault[] = findTextFaults(basedOn as Parameters<typeof findTextFaults>[0], text)
    if (faults.length > 0) found.push({ kind: 'template_faults', href, template, locale })
    else if (findAskingToPublish(`${text.subject}\n${text.body}`)) {
      found.push({ kind: 'visibility', href, template, locale })
    }
  }
  return found
}

function findMissingElsewhere(campaign: Campaign): Missing[] {
  const found: Missing[] = []
  if (!env().institution.privacyUrl) found.push({ kind: 'privacy', href: '/privacy' })
  // Whoever is connected was told when they connected.
  if (campaign.audience !== null && !isStanding(campaign) && !campaign.informed) {
    found.push({ kind: 'informed', href: `/staff/campaigns/${campaign.id}#informed` })
  }
  return found
}
