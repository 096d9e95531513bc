import type { Resolver } from 'node:dns/promises'
import type { Finding } from '@/scripts/doctor-findings'

/** Where mail services keep their keys when nobody chooses another place. */
const usualSelectors = [
  ...['default', 'dkim', 'mail', 'email', 'smtp', 'key1', 'selector1', 'selector2', 'google', 's1', 's2', 'k1', 'k2'],
  ...['mxvault', 'mandrill', 'zoho', 'protonmail', 'fm1', 'pm', 'mta', 'sig1'],
]

type Answer = { kind: 'found'; values: string[] } | { kind: 'no_record' | 'no_name' | 'no_answer' }

/** `no_name`: nothing is at this name or below it (https://www.rfc-editor.org/rfc/rfc8020). */
async function ask(work: Promise<string[]>): Promise<Answer> {
  try {
    return { kind: 'found', values: await work }
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENODATA') return { kind: 'no_record' }
    return { kind: code === 'ENOTFOUND' ? 'no_name' : 'no_answer' }
  }
}

const askText = (resolver: Resolver, name: string, begins: RegExp) =>
  ask(
    resolver.resolveTxt(name).then((records) => {
      return records.map((parts) => parts.join('').trim()).filter((text) => begins.test(text))
    }),
  )

const valuesOf = (answer: Answer) => (answer.kind === 'found' ? answer.values : [])
const noAnswer = (what: string, name: string): Finding => {
  return { what, state: 'doubt', finding: `DNS gives no answer for ${name}: ask again, or look with dig` }
}
const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase()
const quote = (text: string) => `“${text.length > 120 ? `${text.slice(0, 120)}…` : text}”`

type Addresses = { from: string; bounce: string | null }

/** What DNS says to those who receive our mail: whether it is ours, and where it goes when it comes back. */
export async function examineMailDns(resolver: Resolver, { from, bounce }: Addresses): Promise<Finding[]> {
  const domain = domainOf(from)
  const envelope = domainOf(bounce ?? from)
  return Promise.all([
    examineSpf(resolver, envelope, domain),
    examineDkim(resolver, domain),
    examineDmarc(resolver, domain),
    ...(bounce ? [examineMx(resolver, envelope)] : []),
  ])
}

/** Of the domain to which bounces go: receivers look there (https://www.rfc-editor.org/rfc/rfc7208#section-2.4). */
async function examineSpf(resolver: Resolver, domain: string, fromDomain: string): Promise<Finding> {
  const what = 'SPF'
  const answer = await askText(resolver, domain, /^v=spf1(\s|$)/i)
  if (answer.kind === 'no_answer') return noAnswer(what, domain)
  const [record, ...others] = valuesOf(answer)
  if (!record) {
    const finding = `${domain} has no SPF record: publish “v=spf1 include:… -all” with what your mail service names`
    return { what, state: 'wrong', finding }
  }
  const said = `${domain} says ${quote(record)}`
  if (others.length > 0) {
    return {
      what,
      state: 'wrong',
      finding: `${domain} has ${others.length + 1} SPF records, so that none counts: keep one`,
    }
  }
  if (/\s\+?all(\s|$)/i.test(record)) {
    return { what, state: 'wrong', finding: `${said}, which lets every server send: end it with -all or ~all` }
  }
  if (!/\s([-~]all|redirect=\S+)(\s|$)/i.test(record)) {
    return { what, state: 'doubt', finding: `${said}, which forbids nobody: end it with -all or ~all` }
  }
  if (!isSameOrganisation(domain, fromDomain)) {
    const finding = `${said}, and the sender is at ${fromDomain}: DMARC does not count that, so DKIM has to pass`
    return { what, state: 'doubt', finding }
  }
  return { what, state: 'good', finding: `${said}; a test mail shows whether your server is among them: spf=pass` }
}

/** The selector is in the signature alone, so the usual ones are tried. */
async function examineDkim(resolver: Resolver, domain: string): Promise<Finding> {
  const what = 'DKIM'
  const below = `_domainkey.${domain}`
  const keys = await Promise.all(
    usualSelectors.map(async (selector) => {
      return { selector, values: valuesOf(await askText(resolver, `${selector}.${below}`, /(^|;)\s*p=/i)) }
    }),
  )
  const found = keys.filter(({ values }) => values.length > 0)
  const alive = found.filter(({ values }) => values.some((text) => /(^|;)\s*p=\s*[A-Za-z0-9+/]/i.test(text)))
  const named = (list: typeof found) => list.map(({ selector }) => selector).join(', ')
  const check = 'send a test mail and look for dkim=pass in its headers'
  if (alive.length > 0) {
    return {
      what,
      state: 'good',
      finding: `${domain} has keys under ${named(alive)}; to see that mail is signed, ${check}`,
    }
  }
  if (found.length > 0) {
    return {
      what,
      state: 'wrong',
      finding: `the keys of ${domain} under ${named(found)} are revoked: publish a new one`,
    }
  }
  const looked = `looked for ${usualSelectors.join(', ')}`
  const any = await askText(resolver, below, /./)
  if (any.kind === 'no_answer') return noAnswer(what, below)
  const finding =
    any.kind === 'no_name'
      ? `${domain} seems to have no key: nothing is below ${below} (${looked}). Have your mail service sign, and publish its key`
      : `${domain} has keys below ${below}, under none of the usual names (${looked}): ${check}`
  return { what, state: 'doubt', finding }
}

/** Of the domain, or of one above it (https://www.rfc-editor.org/rfc/rfc7489#section-6.6.3). */
async function examineDmarc(resolver: Resolver, domain: string): Promise<Finding> {
  const what = 'DMARC'
  const labels = domain.split('.')
  for (let from = 0; from <= Math.max(0, labels.length - 2); from++) {
    const name = labels.slice(from).join('.')
    const answer = await askText(resolver, `_dmarc.${name}`, /^v=DMARC1(\s*;|\s*$)/i)
    if (answer.kind === 'no_answer') return noAnswer(what, `_dmarc.${name}`)
    const [record, ...others] = valuesOf(answer)
    if (record) return judgeDmarc(name, record, { isCopied: others.length > 0, isAbove: from > 0 })
  }
  const finding = `${domain} has no DMARC record: publish “v=DMARC1; p=none; rua=mailto:…” at _dmarc.${domain}; large mail services ask for one`
  return { what, state: 'wrong', finding }
}

function judgeDmarc(
  name: string,
  record: string,
  { isCopied, isAbove }: { isCopied: boolean; isAbove: boolean },
): Finding {
  const what = 'DMARC'
  const said = `_dmarc.${name} says ${quote(record)}`
  const tag = (wanted: string) => new RegExp(`;\\s*${wanted}\\s*=\\s*(\\w+)`, 'i').exec(record)?.[1]?.toLowerCase()
  const policy = (isAbove ? tag('sp') : undefined) ?? tag('p')
  if (isCopied)
    return { what, state: 'wrong', finding: `_dmarc.${name} has several records, so that none counts: keep one` }
  if (policy === 'quarantine' || policy === 'reject') return { what, state: 'good', finding: said }
  if (policy === 'none') {
    const advice = 'receivers take forged mail in your name; ask for quarantine once the reports are clean'
    return { what, state: 'doubt', finding: `${said}: ${advice}` }
  }
  return { what, state: 'wrong', finding: `${said}, which has no policy: add p=none, p=quarantine or p=reject` }
}

async function examineMx(resolver: Resolver, domain: string): Promise<Finding> {
  const what = 'bounces'
  const answer = await ask(resolver.resolveMx(domain).then((all) => all.map(({ exchange }) => exchange)))
  if (answer.kind === 'no_answer') return noAnswer(what, domain)
  const hosts = valuesOf(answer).filter(Boolean)
  return hosts.length > 0
    ? { what, state: 'good', finding: `mail to ${domain} goes to ${hosts.join(', ')}` }
    : { what, state: 'wrong', finding: `${domain} has no MX record, so that no bounce arrives at MAIL_BOUNCE_ADDRESS` }
}

const isSameOrganisation = (one: string, other: string) =>
  one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`)
