import type { JsonObject } from '../records/item'
import texts from './error-texts.json' with { type: 'json' }

export type ErrorCode = keyof typeof texts

type Details = {
  /** Overrides the code's status, such as for a 405. */
  status?: number
  /** Fills the `${…}` in the texts. */
  values?: Record<string, string>
  /** The message of ORCID's exception, appended to the text of the code. */
  says?: string
  /** Replaces the text of the code. */
  developer?: string
  location?: string
}

const MORE_INFO = 'https://members.orcid.org/api/resources/troubleshooting'

/** An error with ORCID's code. The texts are from ORCID/ORCID-Source `api_en.properties`. */
export class ApiError extends Error {
  readonly status: number
  readonly location: string | null

  constructor(
    readonly code: ErrorCode,
    private readonly details: Details = {},
  ) {
    super(`ORCID error ${code}`)
    this.status = details.status ?? texts[code].status
    this.location = details.location ?? null
  }

  /** The key order is ORCID's. */
  body(clientName: string): JsonObject {
    const { values = {}, says, developer = texts[this.code].developer } = this.details
    const fill = (text: string) =>
      text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? (name === 'clientName' ? clientName : ''))
    return {
      'response-code': this.status,
      'developer-message': fill(developer) + (says === undefined ? '' : ` Full validation error: ${says}`),
      'user-message': fill(texts[this.code].user),
      'error-code': Number(this.code),
      'more-info': MORE_INFO,
    }
  }
}

export const notFound = () => new ApiError('9016')
