with Ada.Integer_Text_IO; use Ada.Integer_Text_IO;

procedure Out_Of_Range is
   Values : constant array (1 .. 2) of Integer := (1, 2);
   At_Index : Integer;
begin
   Get (At_Index);
   Put (Values (At_Index), Width => 0);
end Out_Of_Range;
