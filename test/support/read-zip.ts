import { inflateRawSync } from 'node:zlib';

/** The signatures and sizes of the parts of a zip file that are read here. */
const END = 0x06054b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;
const HEADER_SIZE = 30;
const STORED = 0;

/** Gives the contents of a zip archive's files by name. Throws for a name that it does not hold. */
export function readZip(archive: Buffer): (name: string) => Buffer {
  const entries = entriesOf(archive);
  return (name) => {
    const entry = entries.get(name);
    if (!entry) throw new Error(`The archive holds no ${name}.`);
    // The name's and the extra field's lengths differ between the directory and the file's own header.
    const names = archive.readUInt16LE(entry.header + 26) + archive.readUInt16LE(entry.header + 28);
    const start = entry.header + HEADER_SIZE + names;
    const data = archive.subarray(start, start + entry.packedSize);
    return entry.method === STORED ? data : inflateRawSync(data);
  };
}

interface Entry {
  method: number;
  packedSize: number;
  /** Where the file's own header begins. */
  header: number;
}

function entriesOf(archive: Buffer): Map<string, Entry> {
  let end = archive.length - END_SIZE;
  while (end >= 0 && archive.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error('This is no zip archive.');
  const entries = new Map<string, Entry>();
  let at = archive.readUInt32LE(end + 16);
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    const nameSize = archive.readUInt16LE(at + 28);
    entries.set(archive.toString('utf8', at + ENTRY_SIZE, at + ENTRY_SIZE + nameSize), {
      method: archive.readUInt16LE(at + 10),
      packedSize: archive.readUInt32LE(at + 20),
      header: archive.readUInt32LE(at + 42),
    });
    at += ENTRY_SIZE + nameSize + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return entries;
}
