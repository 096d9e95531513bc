import 'server-only'
import type { StaffActor } from '@/lib/actor'
import { recordEvent } from '@/lib/audit/commands'
import { env } from '@/lib/config/env'
import { readMessages } from '@/lib/config/languages'
import { makeReference } from '@/lib/crypto/secrets'
import { db, inTransaction, type Tx } from '@/lib/db'
import {
  type BuiltInTemplate,
  builtInTemplates,
  findTextFaults,
  isBuiltIn,
  type MailText,
  type TextFault,
  templateKey,
} from '@/lib/mail/mail-text'

export { builtInTemplates, findTextFaults, type TextFault } from '@/lib/mail/mail-text'

export type MailTemplate = { key: string; name: string; basedOn: BuiltInTemplate }

const templatesMax = 200

const toTemplate = ({ basedOn, ...row }: { key: string; name: string; basedOn: string }): MailTemplate => ({
  ...row,
  basedOn: isBuiltIn(basedOn) ? basedOn : 'invitation',
})

const toBuiltIn = (key: BuiltInTemplate, language: string): MailTemplate => ({
  key,
  name: readMessages(language).mail.templates[key].name,
  basedOn: key,
})

const firstLanguage = () => env().institution.languages[0] ?? 'en'
const isOffered = (locale: string) => env().institution.languages.includes(locale)

/** Ours, then the institution's own by name. Ours are named in `language`. */
export async function listTemplates(language: string = firstLanguage()): Promise<MailTemplate[]> {
  const own = await db().mailTemplate.findMany({
    orderBy: [{ name: 'asc' }, { key: 'asc' }],
    take: templatesMax,
    select: { key: true, name: true, basedOn: true },
  })
  return [...builtInTemplates.map((key) => toBuiltIn(key, language)), ...own.map(toTemplate)]
}

export async function findTemplate(key: string, language: string = firstLanguage()): Promise<MailTemplate | null> {
  if (isBuiltIn(key)) return toBuiltIn(key, language)
  if (!templateKey.test(key)) return null
  const row = await db().mailTemplate.findUnique({ where: { key }, select: { key: true, name: true, basedOn: true } })
  return row && toTemplate(row)
}

/** Our words for a template in a language. */
export function getOurText(basedOn: BuiltInTemplate, locale: string): MailText {
  const { subject, body } = readMessages(isOffered(locale) ? locale : firstLanguage()).mail.templates[basedOn]
  return { subject, body }
}

/** The words of a template in a language: the institution's, or ours. */
export async function getMailText(template: string, locale: string): Promise<MailText> {
  const own = await findOwnText(template, locale)
  if (own) return { subject: own.subject, body: own.body }
  return getOurText((await findTemplate(template))?.basedOn ?? 'invitation', locale)
}

/** The institution's words, with the version that a change is made from. */
export function findOwnText(template: string, locale: string) {
  return db().mailText.findUnique({
    where: { template_locale: { template, locale } },
    select: { subject: true, body: true, changedAt: true, changedBy: { select: { name: true, orcid: true } } },
  })
}

/** Whether a campaign may send it: ours are there in every language that is offered, an own one where it was written. */
export async function hasMailText(template: string, locale: string): Promise<boolean> {
  if (!isOffered(locale)) return false
  return isBuiltIn(template) || (await findOwnText(template, locale)) !== null
}

/** Which templates the institution has words of its own for, by language. */
export async function listOwnTexts(): Promise<{ template: string; locale: string; changedAt: Date }[]> {
  return db().mailText.findMany({ select: { template: true, locale: true, changedAt: true } })
}

type Saved = { saved: true } | { faults: TextFault[] } | { refused: 'gone' | 'changed_meanwhile' }
type Change = { template: string; locale: string; text: MailText; version: string }

/** Writes the institution's words. `version` is that of the words that were changed: the time, or nothing for ours. */
export async function saveMailText(
  actor: StaffActor,
  { template, locale, text, version }: Change,
  requestId: string,
): Promise<Saved> {
  const found = await findTemplate(template)
  if (!found || !isOffered(locale)) return { refused: 'gone' }
  const faults = findTextFaults(found.basedOn, text)
  if (faults.length > 0) return { faults }
  return inTransaction(async (tx) => {
    await lockTemplate(tx, template)
    if (!(await isThere(tx, template))) return { refused: 'gone' }
    const now = await tx.mailText.findUnique({
      where: { template_locale: { template, locale } },
      select: { changedAt: true },
    })
    if ((now?.changedAt.toISOString() ?? '') !== version) return { refused: 'changed_meanwhile' }
    const written = { ...text, changedAt: new Date(), changedById: actor.staffId }
    await tx.mailText.upsert({
      where: { template_locale: { template, locale } },
      create: { template, locale, ...written },
      update: written,
    })
    await recordEvent(tx, actor, { action: 'mail.text_changed', requestId, detail: { template, locale } })
    return { saved: true }
  })
}

/** Back to our words: for a template of ours the institution's are deleted, an own one begins again from ours. */
export async function resetMailText(
  actor: StaffActor,
  { template, locale }: { template: string; locale: string },
  requestId: string,
): Promise<void> {
  const found = await findTemplate(template)
  if (!found || !isOffered(locale)) return
  await inTransaction(async (tx) => {
    await lockTemplate(tx, template)
    const { count } = await tx.mailText.deleteMany({ where: { template, locale } })
    if (!isBuiltIn(template) && (await isThere(tx, template)))
      await tx.mailText.create({
        data: { template, locale, ...getOurText(found.basedOn, locale), changedById: actor.staffId },
      })
    else if (count === 0) return
    await recordEvent(tx, actor, { action: 'mail.text_reset', requestId, detail: { template, locale } })
  })
}

/** A template of the institution's own, with the present words of `from` in every language. Null: no such template. */
export async function addTemplate(
  actor: StaffActor,
  { name, from }: { name: string; from: string },
  requestId: string,
): Promise<string | null> {
  const base = await findTemplate(from)
  if (!base) return null
  const texts = await Promise.all(
    env().institution.languages.map(async (locale) => ({ locale, ...(await getMailText(from, locale)) })),
  )
  const key = `${base.basedOn}-${makeReference().toLowerCase()}`
  const by = actor.staffId
  await inTransaction(async (tx) => {
    await tx.mailTemplate.create({ data: { key, name, basedOn: base.basedOn, madeById: by } })
    await tx.mailText.createMany({ data: texts.map((text) => ({ template: key, ...text, changedById: by })) })
    await recordEvent(tx, actor, { action: 'mail.template_added', requestId, detail: { template: key } })
  })
  return key
}

export type TemplateUse = { campaigns: { id: string; name: string }[]; hasWaitingMail: boolean }

/** What keeps a template from being deleted: campaigns that are not closed, and mails that have not gone. */
export function findTemplateUse(template: string): Promise<TemplateUse> {
  return readUse(db(), template)
}

async function readUse(tx: Tx, template: string): Promise<TemplateUse> {
  const campaigns = await tx.campaign.findMany({
    where: {
      state: { not: 'closed' },
      OR: [{ steps: { some: { template } } }, { mailings: { some: { template, endedAt: null } } }],
    },
    orderBy: { name: 'asc' },
    select: { id: true, name: true },
  })
  const waiting = await tx.mail.findFirst({
    where: { template, state: { in: ['waiting', 'sending'] } },
    select: { id: true },
  })
  return { campaigns, hasWaitingMail: waiting !== null }
}

/** Deletes an own template with its texts; false if something uses it. Call `lockTemplate` where a step takes one. */
export function removeTemplate(actor: StaffActor, template: string, requestId: string): Promise<boolean> {
  return inTransaction(async (tx) => {
    await lockTemplate(tx, template)
    const use = await readUse(tx, template)
    if (use.campaigns.length > 0 || use.hasWaitingMail) return false
    const { count } = await tx.mailTemplate.deleteMany({ where: { key: template } })
    if (count === 0) return true
    await tx.mailText.deleteMany({ where: { template } })
    await recordEvent(tx, actor, { action: 'mail.template_removed', requestId, detail: { template } })
    return true
  })
}

/** Keeps a template and its texts as they are until the transaction ends. */
export async function lockTemplate(tx: Tx, template: string): Promise<void> {
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtextextended(${`mail template ${template}`}, 0))`
}

const isThere = async (tx: Tx, key: string): Promise<boolean> =>
  isBuiltIn(key) || (await tx.mailTemplate.findUnique({ where: { key }, select: { key: true } })) !== null
