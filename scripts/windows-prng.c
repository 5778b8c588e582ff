/* For scripts/windows alone: the random numbers of Windows 10 ("ProcessPrng" of bcryptprimitives.dll), which Wine 8 lacks, from those of
 * older Windows, which it has. No part of the program. */
#include <windows.h>

typedef BOOLEAN(__stdcall *Random)(void *, ULONG);

__declspec(dllexport) BOOL __stdcall ProcessPrng(unsigned char *into, size_t length)
{
    static Random random;
    if (!random)
        random = (Random)(void *)GetProcAddress(LoadLibraryA("advapi32.dll"), "SystemFunction036");
    return random && random(into, (ULONG)length);
}
