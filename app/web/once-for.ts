/** Works out once for each thing what follows from it alone; forgotten with the thing. */
export function onceFor<Thing extends object, Value>(
  work: (thing: Thing) => Value,
): (thing: Thing) => Value {
  const known = new WeakMap<Thing, Value>()
  return (thing) => {
    const found = known.get(thing) ?? work(thing)
    known.set(thing, found)
    return found
  }
}
