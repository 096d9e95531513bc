import { type EmailFault, isAtDomain, readEmailAddress } from '@/lib/config/email-address'
import { env } from '@/lib/config/env'

/** Why an address gets no mail: it is none, it is not of the institution, or this is not the real registry. */
export type AddressFault = EmailFault | 'elsewhere' | 'not_allowed'

type Rules = { domains: readonly string[]; allowed: readonly string[]; isProduction: boolean }

const configured = (): Rules => ({
  domains: env().mail?.domains ?? env().institution.emailDomains,
  allowed: env().mail?.allowed ?? [],
  isProduction: env().orcid.registry === 'production',
})

/** The address as it is to be written, without spaces around it; null if no mail can be sent there. */
export function parseAddress(text: string): string | null {
  const read = readEmailAddress(text)
  return 'address' in read ? read.address : null
}

/** Whether an address is at a domain whose people get mail. Each domain counts with all below it. */
export const isOfOurDomains = (address: string): boolean => isAtDomain(address, configured().domains)

/** Null if mail may go to this address. */
export function findAddressFault(text: string, rules: Rules = configured()): AddressFault | null {
  const read = readEmailAddress(text)
  if ('fault' in read) return read.fault
  if (!isAtDomain(read.address, rules.domains)) return 'elsewhere'
  return rules.isProduction || isAllowed(read.address.toLowerCase(), rules.allowed) ? null : 'not_allowed'
}

const isAllowed = (address: string, allowed: readonly string[]): boolean =>
  allowed.includes(address) || allowed.includes(address.slice(address.lastIndexOf('@')))
