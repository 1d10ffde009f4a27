// The part of JSON Schema 2020-12 that describes wire parameters, and the static type of what such a schema admits.

/** The names of JSON's types, as the keyword `type` has them. */
type TypeName = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'array' | 'object'

/** The JSON Schema of one wire parameter: the keywords that are read here, and any other that the validator knows. */
export interface ParameterSchema {
  readonly type?: TypeName | readonly TypeName[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  /** The documented example stands first. */
  readonly examples?: readonly unknown[]
  readonly pattern?: string
  readonly items?: ParameterSchema
  readonly properties?: Readonly<Record<string, ParameterSchema>>
  readonly required?: readonly string[]
  readonly [keyword: string]: unknown
}

/** What a schema admits. Keywords that narrow no static type, such as `pattern`, and unknown ones say nothing here. */
export type SchemaValue<S> = S extends { readonly const: infer Only }
  ? Only
  : S extends { readonly enum: ReadonlyArray<infer Listed> }
    ? Listed
    : S extends { readonly type: ReadonlyArray<infer Type> }
      ? TypedValue<S, Type>
      : S extends { readonly type: infer Type }
        ? TypedValue<S, Type>
        : unknown

/** Distributes over types: `['string', 'null']` admits both. */
type TypedValue<S, Type> = Type extends 'array'
  ? Array<S extends { readonly items: infer Item } ? SchemaValue<Item> : unknown>
  : Type extends 'object'
    ? ObjectValue<S>
    : Type extends keyof PlainValue
      ? PlainValue[Type]
      : unknown

interface PlainValue {
  readonly string: string
  readonly integer: number
  readonly number: number
  readonly boolean: boolean
  readonly null: null
}

type ObjectValue<S> = S extends { readonly properties: infer Properties }
  ? Flat<
      { [Name in keyof Properties as Name & RequiredOf<S>]: SchemaValue<Properties[Name]> } & {
        [Name in keyof Properties as Exclude<Name, RequiredOf<S>>]?: SchemaValue<Properties[Name]>
      }
    >
  : Record<string, unknown>

type RequiredOf<S> = S extends { readonly required: ReadonlyArray<infer Name> } ? Name : never

/** One object type in place of an intersection, and mutable: the schema is constant, its values are not. */
type Flat<T> = { -readonly [Name in keyof T]: T[Name] }
