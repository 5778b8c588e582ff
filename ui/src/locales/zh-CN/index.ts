// Every text of the window in Simplified Chinese, by parts of the program.
import { fields } from "./fields";
import { intake } from "./intake";
import { keeping } from "./keeping";
import { lists } from "./lists";
import { records } from "./records";
import { report } from "./report";
import { shell } from "./shell";

export const zhCN = { ...shell, ...lists, ...records, ...fields, ...intake, ...keeping, ...report };
