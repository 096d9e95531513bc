import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { XmlBufferInputProvider, XmlDocument, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm'

const folder = join(import.meta.dirname, '../../samples/orcid/xsd')
const namespaceOf = (schema: string) => /targetNamespace="([^"]+)"/.exec(schema)?.[1]

/** Validates documents of the API against ORCID's schemas. */
export function makeValidator(): { complaintsAbout(xml: string): string | null; dispose(): void } {
  const schemas = readdirSync(folder).map((name) => {
    // The published schema misspells this kind of affiliation.
    const text = readFileSync(join(folder, name), 'utf8').replace('invited-postition', 'invited-position')
    return { path: `${name.startsWith('common') ? 'common_3.0' : 'record_3.0'}/${name}`, text }
  })
  const buffers = schemas.map(({ path, text }) => [path, Buffer.from(text)] as const)
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(buffers)))
  const imports = schemas.map(
    ({ path, text }) => `<xs:import namespace="${namespaceOf(text)}" schemaLocation="${path}"/>`,
  )
  const all = XmlDocument.fromString(
    `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join('')}</xs:schema>`,
  )
  const validator = XsdValidator.fromDoc(all)
  return {
    complaintsAbout(xml) {
      const document = XmlDocument.fromString(xml)
      try {
        validator.validate(document)
        return null
      } catch (error) {
        return String(error)
      } finally {
        document.dispose()
      }
    },
    dispose() {
      validator.dispose()
      all.dispose()
    },
  }
}
