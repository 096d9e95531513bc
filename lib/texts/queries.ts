import 'server-only'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { env } from '@/lib/config/env'
import { settings } from '@/lib/config/settings'
import { keep } from '@/lib/institution'
import { type InstitutionTexts, institutionTexts, mergeTexts, pickTexts } from '@/lib/texts/text'

declare module '@/lib/institution' {
  interface Institution {
    /** The files of `TEXTS_DIR`, by language. */
    texts?: Map<string, InstitutionTexts>
  }
}

/** The institution's own texts in a language: those of its file and, where it says nothing, of the settings page. */
export const getInstitutionTexts = (locale: string): InstitutionTexts =>
  mergeTexts(getTextsOfFile(locale), pickTexts(settings().values, locale))

/** The texts of the file for a language in `TEXTS_DIR`, read once; empty without a file. */
export function getTextsOfFile(locale: string): InstitutionTexts {
  const { textsDir } = env()
  const cache = keep('texts', () => new Map())
  const cached = cache.get(locale)
  if (cached || !textsDir) return cached ?? {}
  const file = path.join(textsDir, `${locale}.json`)
  const texts = existsSync(file) ? institutionTexts.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  cache.set(locale, texts)
  return texts
}

/** The faults of the files in `TEXTS_DIR`, one line each. */
export function findTextFaults(): string[] {
  const { textsDir } = env()
  if (!textsDir) return []
  return readdirSync(textsDir)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      try {
        const parsed = institutionTexts.safeParse(JSON.parse(readFileSync(path.join(textsDir, name), 'utf8')))
        return parsed.success
          ? []
          : parsed.error.issues.map((issue) => `${name}: ${issue.path.join('.')}: ${issue.message}`)
      } catch {
        return [`${name}: is not JSON`]
      }
    })
}
