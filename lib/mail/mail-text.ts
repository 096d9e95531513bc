import { findNearest } from '@/lib/config/nearest'
import { findAskingToPublish, withNewlines } from '@/lib/texts/asking-to-publish'

/** The texts of ours. One of the institution's own begins from one of them. */
export const builtInTemplates = [
  'invitation',
  'reminder',
  'last_reminder',
  'allowed_less',
  'correction',
  'new_link',
  'expiring',
  'check_up',
] as const
export type BuiltInTemplate = (typeof builtInTemplates)[number]

export const isBuiltIn = (key: string): key is BuiltInTemplate => builtInTemplates.some((one) => one === key)

/** Whether a template is this one of ours, or one of the institution's own that began from it. */
export const isBegunFrom = (key: string, builtIn: string) => key === builtIn || key.startsWith(`${builtIn}-`)

/** Of a template, ours or not. */
export const templateKey = /^[a-z0-9_-]{1,100}$/

/** As staff write it: paragraphs with `{variables}`, blank lines between them. */
export type MailText = { subject: string; body: string }

/** Stand within a sentence. */
export const inlineVariables = ['name', 'institution', 'asker', 'why', 'campaign', 'ends_on', 'contact'] as const
/** Stand on a line of their own. */
export const blockVariables = ['permissions', 'waiting', 'steps', 'button', 'after', 'check_up'] as const
export type InlineVariable = (typeof inlineVariables)[number]
export type BlockVariable = (typeof blockVariables)[number]

const subjectVariables: readonly string[] = ['name', 'institution', 'asker', 'campaign', 'ends_on']
/** A mail that asks for nothing has no link. */
const ofLinks: readonly string[] = [...blockVariables, 'ends_on']
/** What people may look for: the foot of every mail has it. */
const inFrame = ['about_orcid', 'privacy', 'unsubscribe', 'why_you', 'roster']

/**
 * What ORCID requires of a mail with a permission link, by its number in our list. The foot of every mail has the others:
 * whom to ask (E5), more about ORCID (E6), privacy (E7), why one gets it and how to get no more (E8).
 * https://info.orcid.org/documentation/integration-guide/affiliation-manager/
 */
const required = { E1: 'why', E2: 'button', E3: 'steps', E4: 'after' } as const
/** A check-up asks for no permission: it says what is allowed, and leads to where it can be changed. */
const requiredOfCheckUp = { E2: 'button', check_up: 'check_up' } as const
export type MailRule = keyof typeof required | keyof typeof requiredOfCheckUp

export const templateNameMax = 100
export const subjectCharsMax = 200
export const bodyBytesMax = 20_000

export type TextFault = { field: 'subject' | 'body' } & (
  | { code: 'empty' | 'too_long' | 'line_break' | 'brace' }
  | { code: 'unknown'; variable: string; nearest: string | null }
  | { code: 'not_here' | 'not_alone' | 'in_frame'; variable: string }
  | { code: 'missing'; rule: MailRule; variable: string }
  | { code: 'asks_to_publish'; sentence: string }
)

const asksForSomething = (basedOn: string) => basedOn !== 'correction'
const notInCheckUp: readonly string[] = ['permissions', 'waiting', 'steps', 'after']

/** The variables that a text may have, in the order of the page that explains them. */
export function listVariables(basedOn: string): (InlineVariable | BlockVariable)[] {
  const all = [...inlineVariables, ...blockVariables]
  if (basedOn === 'check_up') return all.filter((name) => !notInCheckUp.includes(name))
  return all.filter((name) => name !== 'check_up' && (asksForSomething(basedOn) || !ofLinks.includes(name)))
}

/** What keeps a text from being saved. `basedOn` is the text of ours that it began from. */
export function findTextFaults(basedOn: string, { subject, body }: MailText): TextFault[] {
  if (Buffer.byteLength(body) > bodyBytesMax) return [{ field: 'body', code: 'too_long' }]
  return [...findSubjectFaults(basedOn, subject), ...findBodyFaults(basedOn, withNewlines(body))]
}

function findSubjectFaults(basedOn: string, subject: string): TextFault[] {
  const field = 'subject'
  if (!subject.trim()) return [{ field, code: 'empty' }]
  if ([...subject].length > subjectCharsMax) return [{ field, code: 'too_long' }]
  const faults: TextFault[] = /[\p{Cc}\u2028\u2029]/u.test(subject) ? [{ field, code: 'line_break' }] : []
  const sentence = findAskingToPublish(subject)
  if (sentence) faults.push({ field, code: 'asks_to_publish', sentence })
  return [...faults, ...findVariableFaults(field, basedOn, subject, (name) => subjectVariables.includes(name))]
}

function findBodyFaults(basedOn: string, body: string): TextFault[] {
  const field = 'body'
  if (!body.trim()) return [{ field, code: 'empty' }]
  const faults = findVariableFaults(field, basedOn, body, () => true)
  const sentence = findAskingToPublish(body)
  if (sentence) faults.push({ field, code: 'asks_to_publish', sentence })
  const blocks = toBlocks(body)
  for (const variable of blockVariables) {
    const isWithin = blocks.some((block) => block.kind === 'text' && block.text.includes(`{${variable}}`))
    if (isWithin && listVariables(basedOn).includes(variable)) faults.push({ field, code: 'not_alone', variable })
  }
  if (!asksForSomething(basedOn)) return faults
  const missing = Object.entries(basedOn === 'check_up' ? requiredOfCheckUp : required).filter(
    ([, variable]) => !body.includes(`{${variable}}`),
  )
  return [
    ...faults,
    ...missing.map(([rule, variable]) => ({ field, code: 'missing', rule: rule as MailRule, variable }) as const),
  ]
}

function findVariableFaults(
  field: 'subject' | 'body',
  basedOn: string,
  text: string,
  mayStand: (name: string) => boolean,
): TextFault[] {
  const known: string[] = [...inlineVariables, ...blockVariables]
  const here = (listVariables(basedOn) as string[]).filter(mayStand)
  const named = [...new Set([...text.matchAll(/\{([^{}\n]*)\}/g)].map(([, name = '']) => name))]
  const faults = named.flatMap((name): TextFault[] => {
    // A whole page between braces would fill the page that says so.
    const variable = name.slice(0, 60)
    if (here.includes(name)) return []
    if (known.includes(name)) return [{ field, code: 'not_here', variable }]
    if (inFrame.includes(name)) return [{ field, code: 'in_frame', variable }]
    const nearest = findNearest(
      variable
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_'),
      here,
      4,
    )
    return [{ field, code: 'unknown', variable, nearest }]
  })
  return /[{}]/.test(text.replace(/\{[^{}\n]*\}/g, '')) ? [...faults, { field, code: 'brace' }] : faults
}

export type Block = { kind: 'text'; text: string } | { kind: BlockVariable }

/** The paragraphs of a body and what stands on lines of its own between them. */
export function toBlocks(body: string): Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  const end = () => {
    if (lines.length > 0) blocks.push({ kind: 'text', text: lines.join('\n') })
    lines = []
  }
  for (const line of withNewlines(body)
    .split('\n')
    .map((each) => each.trim())) {
    const kind = blockVariables.find((name) => line === `{${name}}`)
    if (!line || kind) end()
    if (kind) blocks.push({ kind })
    else if (line) lines.push(line)
  }
  end()
  return blocks
}

export type InlineValues = Record<InlineVariable, string | null>

/** A sentence with its values; null if it speaks of something that is not there, such as the end of a campaign. */
export function fillText(text: string, values: InlineValues): string | null {
  const absent = inlineVariables.some((name) => name !== 'name' && values[name] === null && text.includes(`{${name}}`))
  if (absent) return null
  // “Dear {name},” without a name is “Dear,”.
  const named = values.name === null ? text.replace(/[^\S\n]*[,،]?[^\S\n]*\{name\}/g, '') : text
  return named.replace(/\{([a-z_]+)\}/g, (all, name: string) =>
    Object.hasOwn(values, name) ? (values[name as InlineVariable] ?? '') : all,
  )
}
