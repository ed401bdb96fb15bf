"""Prints the table of `src/recognizer/phone/calling_code.rs`: lengths of national numbers by calling code.

    pip install phonenumbers && python3 calling_codes.py

Source: the metadata of libphonenumber (Apache-2.0), through its Python port `phonenumbers`.
"""

from collections import defaultdict

import phonenumbers
from phonenumbers.phonemetadata import PhoneMetadata

NON_GEOGRAPHIC = "001"


def metadata(code, region):
    if region == NON_GEOGRAPHIC:
        return PhoneMetadata.metadata_for_nongeo_region(code)
    return PhoneMetadata.metadata_for_region(region)


def lengths(code, regions):
    """Lengths that people's numbers have: fixed, mobile and voice over IP."""
    found = set()
    for region in regions:
        of_region = metadata(code, region)
        kinds = [of_region.fixed_line, of_region.mobile, of_region.voip]
        if region == NON_GEOGRAPHIC:
            kinds.append(of_region.general_desc)
        for kind in filter(None, kinds):
            found.update(n for n in kind.possible_length or () if n > 0)
    # The plan as a whole may be narrower than its parts say (North America: 10, never 7).
    whole = metadata(code, regions[0]).general_desc.possible_length
    return found & set(whole) or found


by_lengths = defaultdict(list)
for code, regions in sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()):
    found = lengths(code, regions)
    # Recommendation E.164: 15 digits with the calling code.
    longest = min(max(found), 15 - len(str(code)))
    by_lengths[(min(found), longest)].append(code)

for (shortest, longest), codes in sorted(by_lengths.items()):
    print(f"    ({shortest}, {longest}, &{codes}),")
