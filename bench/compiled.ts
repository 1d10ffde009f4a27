// The compiled package, under the types of its source: the types are there before anything is compiled.

/** A module of what the package ships, by its path below `src`. */
export async function compiled<Module>(file: string): Promise<Module> {
  return await import(new URL(`../dist/src/${file}`, import.meta.url).href)
}
