/** Why an address gets no mail. */
export type EmailFault = 'line_break' | 'too_long' | 'non_ascii' | 'malformed'

// RFC 5321, 4.5.3.1: octets of the whole, between its angle brackets, and of the part before the @.
const lengthMax = 254
const localLengthMax = 64

const domain = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/i
// An atom, as every real address is; quoted ones are refused.
const localPart = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/

/** The rules of `readEmailAddress`, for SQL: an address without spaces around it. */
export const emailRules = { lengthMax, localLengthMax, local: localPart.source, domain: domain.source }

/** Whether mail may be sent to this as it stands; the address without spaces around it, or what is wrong. */
export function readEmailAddress(text: string): { address: string } | { fault: EmailFault } {
  // They would add a header or a command.
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return { fault: 'line_break' }
  const address = text.trim()
  if (address.length > lengthMax) return { fault: 'too_long' }
  // Few servers take SMTPUTF8, and a domain in another script has its form in ASCII: xn--…
  if (/[^ -~]/.test(address)) return { fault: 'non_ascii' }
  const [local = '', host = '', ...rest] = address.split('@')
  if (local.length > localLengthMax) return { fault: 'too_long' }
  return rest.length === 0 && localPart.test(local) && domain.test(host) ? { address } : { fault: 'malformed' }
}

/** In lower case. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase()

/** Whether the address is at one of the domains or below it. */
export const isAtDomain = (address: string, domains: readonly string[]): boolean =>
  domains.some((each) => domainOf(address) === each || domainOf(address).endsWith(`.${each}`))
