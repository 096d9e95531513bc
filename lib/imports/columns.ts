/** What a file of people can say. */
export const peopleFields = [
  'local_id',
  'given_name',
  'family_name',
  'name',
  'email',
  'orcid',
  'department',
  'kind',
  'title',
  'start',
  'end',
  'language',
] as const

/** What a file of affiliations can say. */
export const affiliationFields = [
  'id',
  'orcid',
  'local_id',
  'email',
  'type',
  'title',
  'department',
  'start',
  'end',
  'external_id',
  'url',
  'put_code',
] as const

/** What a file of works can say. */
export const workFields = [
  'orcid',
  'local_id',
  'email',
  'id_type',
  'external_id',
  'title',
  'subtitle',
  'type',
  'journal',
  'date',
  'contributors',
  'url',
] as const

/** Columns whose meaning is not honoured: a row that says something there is refused. */
export const watchedFields = ['org_name', 'org_id', 'org_source', 'delete', 'visibility', 'is_active'] as const

export const importKinds = ['people', 'affiliations', 'works'] as const
export type ImportKind = (typeof importKinds)[number]
export type PeopleField = (typeof peopleFields)[number]
export type AffiliationField = (typeof affiliationFields)[number]
export type WorkField = (typeof workFields)[number]
export type WatchedField = (typeof watchedFields)[number]
export type Field = PeopleField | AffiliationField | WorkField | WatchedField

const isWatched = (field: Field) => watchedFields.some((watched) => watched === field)

/** What somebody can say that a column means. What has no meaning in a roster is there where the column's name has it. */
export const choicesOf = (kind: ImportKind, mapped: string | null | undefined): Field[] =>
  fieldsOf(kind).filter((field) => kind !== 'people' || !isWatched(field) || field === mapped)

export const fieldsOf = (kind: ImportKind): readonly Field[] => [
  ...{ people: peopleFields, affiliations: affiliationFields, works: workFields }[kind],
  ...(kind === 'works' ? [] : watchedFields),
]

/** A column without meaning for us has null. */
export type Mapping = (Field | null)[]

// Names as ORCID's Member Portal, the NZ ORCID Hub, feeds to HR systems and our own files have them; the first that
// fits counts. `external_id` in a file of the Member Portal is the item's own identifier, as ours is.
const patterns: [RegExp, Field][] = [
  [/^(external_)?(id(entifier)?)_type$/, 'id_type'],
  [/^identifier(_value)?$|^doi$/, 'external_id'],
  [/^(work_)?type$/, 'type'],
  [/^sub_?title$|^subt.tulo$/, 'subtitle'],
  [/^(journal|container)(_title)?$|^revista$/, 'journal'],
  [/^(publication_)?(date|year)$|^published(_on)?$|^fecha$/, 'date'],
  [/^(contributor|author)s?$|^autor(es)?$/, 'contributors'],
  [/^affiliation_id$|^id$/, 'id'],
  [/^put_?code$/, 'put_code'],
  [/disambiguat.*source/, 'org_source'],
  [/disambiguat.*(id|identifier)|^ror$|^grid$|^ringgold$/, 'org_id'],
  [/^external_id(_value)?$/, 'external_id'],
  [/^(org(anisation|anization)?)(_name)?$|^institution$/, 'org_name'],
  [/^orcid(_id)?$|^orcid_i_?d$|^orcid_uri$|^identifier_orcid$/, 'orcid'],
  [
    /^(local|staff|employee|personnel|payroll|university|person|hr|student|matriculation)_?(id|identifier|number|no|nr)$|^local.*|^uid$|^net_id$/,
    'local_id',
  ],
  [/^(personal|pers|mitarbeiter|mitarbeitenden|studierenden|matrikel)_?(nr|nummer|id)$/, 'local_id'],
  // “N.º de empleado” is `n_o_de_empleado` here.
  [
    /^(n|no|n_o|num|numero|id|identificador|codigo)_(de_)?(personal|emplead[oa]s?|trabajador(es)?|estudiantes?|alumn[oa]s?|expediente)$/,
    'local_id',
  ],
  [/^identificador_local$|^(numero_de_)?(matricula|legajo)$/, 'local_id'],
  [/^(first|given)_names?$|^forename$|^vorname$|^pr.?nom$|^nombre$/, 'given_name'],
  [/^(last|family|sur)_?names?$|^surname$|^nachname$|^nom$|^apellidos?$/, 'family_name'],
  [/^(full_)?name$|^display_name$/, 'name'],
  [/^e_?mail(_address)?$/, 'email'],
  [/^(campus_)?department(_name)?$|^campus$|^faculty$|^unit$|^abteilung$|^departamento$/, 'department'],
  [/^kind$|^person_type$|^category$/, 'kind'],
  [/^affiliations?_(type|section)$|^type$/, 'type'],
  [/^(course|job|role)?_?title(_role)?$|^role(_title)?$|^course(_or_job_title|_or_role)?$|^position$/, 'title'],
  [/^(start(_date)?|date_effective|from)$/, 'start'],
  [/^(end(_date)?|effective_until|to|until)$/, 'end'],
  [/^(preferred_)?lang(uage)?(_code)?$|^locale$|^sprache$|^idioma$/, 'language'],
  [/^(url|link)$/, 'url'],
  [/^delete(_record)?$/, 'delete'],
  [/^visib.*/, 'visibility'],
  [/^is_active$/, 'is_active'],
]

const toKey = (name: string) =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '')

/** Finds the columns by their names, in any order and case. A meaning that an earlier column has is not given twice. */
export function mapColumns(header: readonly string[], kind: ImportKind): Mapping {
  const allowed = fieldsOf(kind)
  const mapping: Mapping = []
  for (const name of header) {
    const key = toKey(name)
    const found = patterns.find(([pattern, field]) => allowed.includes(synonym(field, kind)) && pattern.test(key))
    const field = found ? synonym(found[1], kind) : null
    mapping.push(field && !mapping.includes(field) ? field : null)
  }
  return mapping
}

/** A file of people has the kind of person where one of affiliations has the kind of item. */
function synonym(field: Field, kind: ImportKind): Field {
  if (field === 'type' && kind === 'people') return 'kind'
  return field === 'kind' && kind !== 'people' ? 'type' : field
}

/** Why rows cannot be read with this mapping: what names the person, or the item, is missing. */
export function missingFields(mapping: Mapping, kind: ImportKind): Field[][] {
  const has = (field: Field) => mapping.includes(field)
  const who: Field[] = ['local_id', 'orcid', 'email']
  const missing: Field[][] = []
  if (kind === 'affiliations' && has('id')) return []
  if (!who.some(has)) missing.push(who)
  const needed: readonly Field[] = {
    people: [],
    affiliations: ['type', 'title'],
    works: ['external_id', 'type', 'title'],
  }[kind] as Field[]
  for (const field of needed) if (!has(field)) missing.push([field])
  return missing
}
