// Paths of files as either system writes them.

export const fileName = (path: string): string => path.split(/[\\/]/).pop() ?? path;

export const folderOf = (path: string): string => path.replace(/[\\/][^\\/]*$/, "");
